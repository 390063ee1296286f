import { shortCode, uuidv7 } from "#lib/base/id.ts";
import type { MaintenanceStatus } from "#lib/model/status.ts";

import type { Database, Transaction } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

type Reader = Pick<Database | Transaction, "maintenance" | "component">;

const LIST_FIELDS = {
  id: true,
  code: true,
  name: true,
  status: true,
  scheduledFor: true,
  scheduledUntil: true,
  startedAt: true,
  completedAt: true,
  managedBy: true,
  revision: true,
  components: {
    select: { componentId: true, component: { select: { name: true } } },
    orderBy: { component: { name: "asc" } },
  },
} as const satisfies Prisma.MaintenanceSelect;

const DETAIL_FIELDS = {
  ...LIST_FIELDS,
  updates: {
    select: { id: true, status: true, body: true, displayAt: true, author: { select: { name: true } } },
    orderBy: [{ displayAt: "desc" }, { id: "desc" }],
  },
} as const satisfies Prisma.MaintenanceSelect;

export type MaintenanceRow = Prisma.MaintenanceGetPayload<{ select: typeof LIST_FIELDS }>;
export type MaintenanceDetail = Prisma.MaintenanceGetPayload<{ select: typeof DETAIL_FIELDS }>;

/** What is planned or going on, soonest first. */
export async function listOpenMaintenances(db: Reader): Promise<MaintenanceRow[]> {
  return db.maintenance.findMany({
    where: { completedAt: null },
    select: LIST_FIELDS,
    orderBy: [{ scheduledFor: "asc" }, { id: "asc" }],
  });
}

/** What is over, newest first. */
export async function listPastMaintenances(db: Reader, limit: number): Promise<MaintenanceRow[]> {
  return db.maintenance.findMany({
    where: { completedAt: { not: null } },
    select: LIST_FIELDS,
    orderBy: { completedAt: "desc" },
    take: limit,
  });
}

/** A maintenance with its updates, newest first. */
export async function findMaintenance(db: Reader, id: string): Promise<MaintenanceDetail | null> {
  return db.maintenance.findUnique({ where: { id }, select: DETAIL_FIELDS });
}

/** Ids of what should have begun or ended by `now`, at most `limit`. */
export async function listDueMaintenances(db: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await db.maintenance.findMany({
    where: {
      completedAt: null,
      OR: [{ scheduledUntil: { lte: now } }, { status: "scheduled", scheduledFor: { lte: now } }],
    },
    select: { id: true },
    orderBy: { scheduledFor: "asc" },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** How many of these components exist and are not archived. */
export async function countLiveComponents(tx: Reader, componentIds: readonly string[]): Promise<number> {
  return tx.component.count({ where: { id: { in: [...componentIds] }, archivedAt: null } });
}

/** A new maintenance without updates. */
export async function insertMaintenance(
  tx: Transaction,
  maintenance: {
    readonly name: string;
    readonly scheduledFor: Date;
    readonly scheduledUntil: Date;
    readonly createdById: string | null;
    readonly componentIds: readonly string[];
  },
): Promise<{ id: string; code: string }> {
  const { componentIds, ...fields } = maintenance;
  const components = { createMany: { data: componentIds.map((componentId) => ({ componentId })) } };
  return tx.maintenance.create({
    data: { id: uuidv7(), code: shortCode(), ...fields, components },
    select: { id: true, code: true },
  });
}

/**
 * Changes the maintenance if it still has this revision, and raises it: of several who want the
 * same step (two workers, or a worker and a person) one takes it.
 * @returns false when somebody was faster, or it is gone
 */
export async function changeMaintenance(
  tx: Transaction,
  key: { readonly id: string; readonly revision: number },
  data: Pick<
    Prisma.MaintenanceUncheckedUpdateManyInput,
    "status" | "startedAt" | "completedAt" | "scheduledFor" | "scheduledUntil"
  >,
): Promise<boolean> {
  const { count } = await tx.maintenance.updateMany({
    where: key,
    data: { ...data, revision: { increment: 1 } },
  });
  return count === 1;
}

/** Adds an update to a maintenance. */
export async function insertMaintenanceUpdate(
  tx: Transaction,
  update: {
    readonly maintenanceId: string;
    readonly status: MaintenanceStatus;
    readonly body: string;
    readonly displayAt: Date;
    readonly authorId: string | null;
  },
): Promise<string> {
  const row = await tx.maintenanceUpdate.create({ data: { id: uuidv7(), ...update }, select: { id: true } });
  return row.id;
}
