import type { Prisma } from "./generated/client.ts";
import type { Database } from "./client.ts";

// an archived component is gone for strangers, also from what incidents say of it
const live = { archivedAt: null } as const;

const incidentParts = {
  components: {
    where: { component: live },
    include: { component: { select: { id: true, slug: true, name: true } } },
    orderBy: { component: { position: "asc" } },
  },
  updates: {
    orderBy: [{ displayAt: "desc" }, { id: "desc" }],
    include: {
      components: {
        where: { component: live },
        include: { component: { select: { id: true, name: true } } },
      },
    },
  },
} satisfies Prisma.IncidentInclude;

const maintenanceParts = {
  components: {
    where: { component: live },
    include: { component: { select: { id: true, slug: true, name: true, status: true } } },
    orderBy: { component: { position: "asc" } },
  },
  updates: { orderBy: [{ displayAt: "desc" }, { id: "desc" }] },
} satisfies Prisma.MaintenanceInclude;

export type IncidentRow = Prisma.IncidentGetPayload<{ include: typeof incidentParts }>;
export type MaintenanceRow = Prisma.MaintenanceGetPayload<{ include: typeof maintenanceParts }>;

const newest = [{ startedAt: "desc" }, { id: "desc" }] satisfies Prisma.IncidentOrderByWithRelationInput[];

/** Incidents that are open or began at or after `since`, newest first. */
export function readIncidentsSince(db: Database, since: Date): Promise<IncidentRow[]> {
  return db.incident.findMany({
    where: { OR: [{ resolvedAt: null }, { startedAt: { gte: since } }] },
    include: incidentParts,
    orderBy: newest,
  });
}

/** Incidents that are not resolved, newest first. */
export function readOpenIncidents(db: Database): Promise<IncidentRow[]> {
  return db.incident.findMany({ where: { resolvedAt: null }, include: incidentParts, orderBy: newest });
}

/** The most recent incidents, newest first. */
export function readLatestIncidents(db: Database, limit: number): Promise<IncidentRow[]> {
  return db.incident.findMany({ include: incidentParts, orderBy: newest, take: limit });
}

/** A component's incidents that are open or began at or after `since`, newest first. */
export function readComponentIncidents(
  db: Database,
  componentId: string,
  since: Date,
): Promise<IncidentRow[]> {
  return db.incident.findMany({
    where: {
      components: { some: { componentId } },
      OR: [{ resolvedAt: null }, { startedAt: { gte: since } }],
    },
    include: incidentParts,
    orderBy: newest,
  });
}

/** The incident of a public code or an id; null when there is none. */
export function findIncident(
  db: Database,
  by: { code: string } | { id: string },
): Promise<IncidentRow | null> {
  return db.incident.findUnique({ where: by, include: incidentParts });
}

/** What open incidents say of components, for the few reads that need no more of them. */
export function readOpenSayings(
  db: Database,
): Promise<{ componentId: string; status: IncidentRow["components"][number]["status"] }[]> {
  return db.incidentComponent.findMany({
    where: { incident: { resolvedAt: null }, component: live },
    select: { componentId: true, status: true },
  });
}

/** Maintenance that is not completed: in progress first, then by its time. */
export async function readOpenMaintenances(db: Database): Promise<MaintenanceRow[]> {
  const rows = await db.maintenance.findMany({
    where: { completedAt: null },
    include: maintenanceParts,
    orderBy: [{ scheduledFor: "asc" }, { id: "asc" }],
  });
  // a stable sort keeps the order by time inside both halves
  return rows.toSorted((a, b) => Number(a.status === "scheduled") - Number(b.status === "scheduled"));
}

/** The most recently scheduled maintenance, latest first. */
export function readLatestMaintenances(db: Database, limit: number): Promise<MaintenanceRow[]> {
  return db.maintenance.findMany({
    include: maintenanceParts,
    orderBy: [{ scheduledFor: "desc" }, { id: "desc" }],
    take: limit,
  });
}

/** The maintenance of a public code or an id; null when there is none. */
export function findMaintenance(
  db: Database,
  by: { code: string } | { id: string },
): Promise<MaintenanceRow | null> {
  return db.maintenance.findUnique({ where: by, include: maintenanceParts });
}

/** Ids of components that maintenance in progress covers. */
export async function readComponentsInMaintenance(db: Database): Promise<string[]> {
  const rows = await db.maintenanceComponent.findMany({
    where: { maintenance: { status: { in: ["in_progress", "verifying"] } }, component: live },
    select: { componentId: true },
  });
  return rows.map((row) => row.componentId);
}
