import { shortCode, uuidv7 } from "#lib/base/id.ts";
import type { ComponentStatus, Impact, IncidentStatus } from "#lib/model/status.ts";

import type { Database, Transaction } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

type Reader = Pick<Database | Transaction, "incident" | "component">;

/** A component and what an incident says of it. */
export interface StatedComponent {
  readonly componentId: string;
  readonly status: ComponentStatus;
}

/** What one update changed. */
export interface StatementChange {
  readonly componentId: string;
  readonly oldStatus: ComponentStatus;
  readonly newStatus: ComponentStatus;
}

const LIST_FIELDS = {
  id: true,
  code: true,
  name: true,
  status: true,
  impact: true,
  startedAt: true,
  monitoringAt: true,
  resolvedAt: true,
  managedBy: true,
  revision: true,
  components: {
    select: { componentId: true, status: true, component: { select: { name: true } } },
    orderBy: { component: { name: "asc" } },
  },
} as const satisfies Prisma.IncidentSelect;

const DETAIL_FIELDS = {
  ...LIST_FIELDS,
  updates: {
    select: {
      id: true,
      status: true,
      body: true,
      displayAt: true,
      createdAt: true,
      updatedAt: true,
      author: { select: { name: true } },
      components: {
        select: {
          componentId: true,
          oldStatus: true,
          newStatus: true,
          component: { select: { name: true } },
        },
        orderBy: { component: { name: "asc" } },
      },
    },
    orderBy: [{ displayAt: "desc" }, { id: "desc" }],
  },
} as const satisfies Prisma.IncidentSelect;

export type IncidentRow = Prisma.IncidentGetPayload<{ select: typeof LIST_FIELDS }>;
export type IncidentDetail = Prisma.IncidentGetPayload<{ select: typeof DETAIL_FIELDS }>;

/** Incidents that are not resolved, newest first. */
export async function listOpenIncidents(db: Reader): Promise<IncidentRow[]> {
  return db.incident.findMany({
    where: { resolvedAt: null },
    select: LIST_FIELDS,
    orderBy: { startedAt: "desc" },
  });
}

/** Resolved incidents, newest first. */
export async function listResolvedIncidents(db: Reader, limit: number): Promise<IncidentRow[]> {
  return db.incident.findMany({
    where: { resolvedAt: { not: null } },
    select: LIST_FIELDS,
    orderBy: { startedAt: "desc" },
    take: limit,
  });
}

/** An incident with its updates, newest first. */
export async function findIncident(db: Reader, id: string): Promise<IncidentDetail | null> {
  return db.incident.findUnique({ where: { id }, select: DETAIL_FIELDS });
}

/** The status that visitors see of each of these components; archived and unknown ones are missing. */
export async function currentStatuses(
  tx: Reader,
  componentIds: readonly string[],
): Promise<Map<string, ComponentStatus>> {
  const rows = await tx.component.findMany({
    where: { id: { in: [...componentIds] }, archivedAt: null },
    select: { id: true, status: true },
  });
  return new Map(rows.map(({ id, status }) => [id, status]));
}

/** A new incident without updates. */
export async function insertIncident(
  tx: Transaction,
  incident: {
    readonly name: string;
    readonly status: IncidentStatus;
    readonly impact: Impact;
    readonly startedAt: Date;
    readonly monitoringAt: Date | null;
    readonly createdById: string | null;
  },
): Promise<{ id: string; code: string }> {
  return tx.incident.create({
    data: { id: uuidv7(), code: shortCode(), ...incident },
    select: { id: true, code: true },
  });
}

/**
 * Changes the incident if it still has this revision, and raises it: of two writers who saw the
 * same revision one wins.
 * @returns false when somebody was faster, or the incident is gone
 */
export async function changeIncident(
  tx: Transaction,
  key: { readonly id: string; readonly revision: number },
  data: Pick<
    Prisma.IncidentUncheckedUpdateManyInput,
    "name" | "status" | "impact" | "monitoringAt" | "resolvedAt"
  >,
): Promise<boolean> {
  const { count } = await tx.incident.updateMany({
    where: key,
    data: { ...data, revision: { increment: 1 } },
  });
  return count === 1;
}

/** Sets what the incident says of these components; others keep what was said of them. */
export async function stateComponents(
  tx: Transaction,
  incidentId: string,
  stated: readonly StatedComponent[],
): Promise<void> {
  for (const { componentId, status } of stated) {
    await tx.incidentComponent.upsert({
      where: { incidentId_componentId: { incidentId, componentId } },
      create: { incidentId, componentId, status },
      update: { status },
      select: { incidentId: true },
    });
  }
}

/** Adds an update to an incident. */
export async function insertIncidentUpdate(
  tx: Transaction,
  update: {
    readonly incidentId: string;
    readonly status: IncidentStatus;
    readonly body: string;
    readonly displayAt: Date;
    readonly authorId: string | null;
    readonly changes: readonly StatementChange[];
  },
): Promise<string> {
  const { changes, ...fields } = update;
  const row = await tx.incidentUpdate.create({
    data: { id: uuidv7(), ...fields, components: { createMany: { data: [...changes] } } },
    select: { id: true },
  });
  return row.id;
}

/** Replaces the text of one update of this incident; false when there is no such update. */
export async function rewriteIncidentUpdate(
  tx: Transaction,
  key: { readonly id: string; readonly incidentId: string },
  body: string,
): Promise<boolean> {
  const { count } = await tx.incidentUpdate.updateMany({ where: key, data: { body } });
  return count === 1;
}
