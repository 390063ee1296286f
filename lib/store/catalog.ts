import type { ManagedBy } from "#lib/model/status.ts";

import type { Transaction } from "./client.ts";
import type { Check, Component, ComponentGroup, PageSettings, Prisma } from "./generated/client.ts";

export type ComponentRow = Component;
export type GroupRow = ComponentGroup;
export type CheckRow = Check;
export type PageRow = PageSettings;
export type CheckWithComponent = Check & { component: Component };
export type Json = Prisma.InputJsonValue;

/** What can be read outside a transaction as well. */
type Reader = Pick<Transaction, "componentGroup" | "component" | "check" | "pageSettings">;

/** Page settings, or null before anybody has named the page. */
export function findPage(db: Reader): Promise<PageRow | null> {
  return db.pageSettings.findUnique({ where: { id: 1 } });
}

export interface PageFields {
  readonly name: string;
  readonly url: string | null;
  readonly timeZone: string;
  readonly supportUrl: string | null;
  readonly canaries: string[];
  readonly managedBy: ManagedBy;
}

/** Writes the one row of page settings. */
export function savePage(tx: Transaction, fields: PageFields): Promise<PageRow> {
  return tx.pageSettings.upsert({ where: { id: 1 }, create: { id: 1, ...fields }, update: fields });
}

/** A group by id, archived or not. */
export function findGroup(db: Reader, id: string): Promise<GroupRow | null> {
  return db.componentGroup.findUnique({ where: { id } });
}

/** The group of that name that is not archived; there is at most one. */
export function findLiveGroupByName(db: Reader, name: string): Promise<GroupRow | null> {
  return db.componentGroup.findFirst({ where: { name, archivedAt: null } });
}

export interface GroupFields {
  readonly name: string;
  readonly position: number;
  readonly managedBy: ManagedBy;
}

export function insertGroup(tx: Transaction, fields: GroupFields): Promise<GroupRow> {
  return tx.componentGroup.create({ data: fields });
}

export function saveGroup(
  tx: Transaction,
  id: string,
  fields: Partial<GroupFields & { archivedAt: Date | null }>,
): Promise<GroupRow> {
  return tx.componentGroup.update({ where: { id }, data: fields });
}

/** The place behind the last live group. */
export async function nextGroupPosition(db: Reader): Promise<number> {
  const { _max } = await db.componentGroup.aggregate({
    where: { archivedAt: null },
    _max: { position: true },
  });
  return (_max.position ?? -1) + 1;
}

/** A component by id, archived or not. */
export function findComponent(db: Reader, id: string): Promise<ComponentRow | null> {
  return db.component.findUnique({ where: { id } });
}

/** A component by slug, archived or not. */
export function findComponentBySlug(db: Reader, slug: string): Promise<ComponentRow | null> {
  return db.component.findUnique({ where: { slug } });
}

/** Live components that stand in a group. */
export function findComponentsOfGroup(db: Reader, groupId: string): Promise<ComponentRow[]> {
  return db.component.findMany({ where: { groupId, archivedAt: null }, orderBy: { position: "asc" } });
}

/** True when some component, archived ones included, has the slug. */
export async function slugTaken(db: Reader, slug: string): Promise<boolean> {
  return (await db.component.findUnique({ where: { slug }, select: { id: true } })) !== null;
}

export interface ComponentFields {
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly groupId: string | null;
  readonly position: number;
  readonly showcase: boolean;
  readonly onlyShowIfDegraded: boolean;
  readonly startDate: Date | null;
  /** Base address of the Statuspage v2 API of a provider that it depends on. */
  readonly upstreamStatusUrl: string | null;
  readonly managedBy: ManagedBy;
}

export function insertComponent(tx: Transaction, fields: ComponentFields): Promise<ComponentRow> {
  return tx.component.create({ data: fields });
}

export function saveComponent(
  tx: Transaction,
  id: string,
  fields: Partial<ComponentFields & { archivedAt: Date | null }>,
): Promise<ComponentRow> {
  return tx.component.update({ where: { id }, data: fields });
}

/** The place behind the last live component. */
export async function nextComponentPosition(db: Reader): Promise<number> {
  const { _max } = await db.component.aggregate({ where: { archivedAt: null }, _max: { position: true } });
  return (_max.position ?? -1) + 1;
}

/** A check with its component, archived or not. */
export function findCheck(db: Reader, id: string): Promise<CheckWithComponent | null> {
  return db.check.findUnique({ where: { id }, include: { component: true } });
}

/** Checks of a component: the live ones, or those archived at one moment. */
export function findChecksOf(db: Reader, componentId: string, archivedAt: Date | null): Promise<CheckRow[]> {
  return db.check.findMany({ where: { componentId, archivedAt }, orderBy: { number: "asc" } });
}

/** The live check of that name on a component; there is at most one. */
export function findLiveCheckByName(db: Reader, componentId: string, name: string): Promise<CheckRow | null> {
  return db.check.findFirst({ where: { componentId, name, archivedAt: null } });
}

export interface CheckFields {
  readonly name: string;
  readonly kind: string;
  readonly target: Json;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly slowMs: number | null;
  readonly confirmMs: number[];
  readonly regions: string[];
  readonly quorum: string;
  readonly enabled: boolean;
  readonly managedBy: ManagedBy;
}

export function insertCheck(tx: Transaction, componentId: string, fields: CheckFields): Promise<CheckRow> {
  return tx.check.create({ data: { ...fields, componentId } });
}

export function saveCheck(
  tx: Transaction,
  id: string,
  fields: Partial<CheckFields & { archivedAt: Date | null }>,
): Promise<CheckRow> {
  return tx.check.update({ where: { id }, data: fields });
}

/**
 * Ends what was still going on for checks that nobody runs any more: their states are dropped
 * and their open error episodes closed. Results, rollups and closed episodes stay.
 */
export async function endMeasuring(tx: Transaction, checks: readonly CheckRow[], at: Date): Promise<void> {
  if (checks.length === 0) return;
  await tx.checkState.deleteMany({ where: { checkNumber: { in: checks.map(({ number }) => number) } } });
  // an episode that began after `at` (clocks differ) ends where it began
  await tx.$executeRaw`
    UPDATE error_episodes SET ended_at = greatest(started_at, ${at}::timestamptz)
    WHERE ended_at IS NULL AND check_id = ANY(${checks.map(({ id }) => id)}::uuid[])`;
}

/** Checks of a component by their manager, archived ones included: live ones first, then the latest archived. */
export function findManagedChecks(
  db: Reader,
  componentId: string,
  managedBy: ManagedBy,
): Promise<CheckRow[]> {
  return db.check.findMany({
    where: { componentId, managedBy },
    orderBy: [{ archivedAt: { sort: "desc", nulls: "first" } }, { number: "desc" }],
  });
}

/** Components by their manager, archived ones included: live ones first, then the latest archived. */
export function findManagedComponents(db: Reader, managedBy: ManagedBy): Promise<ComponentRow[]> {
  return db.component.findMany({
    where: { managedBy },
    orderBy: [{ archivedAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }],
  });
}

/** Groups by their manager, archived ones included: live ones first, then the latest archived. */
export function findManagedGroups(db: Reader, managedBy: ManagedBy): Promise<GroupRow[]> {
  return db.componentGroup.findMany({
    where: { managedBy },
    orderBy: [{ archivedAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }],
  });
}

/** Names among these that a live component of another manager has. */
export async function namesOfOthers(
  db: Reader,
  names: readonly string[],
  managedBy: ManagedBy,
): Promise<string[]> {
  const rows = await db.component.findMany({
    where: { name: { in: [...names] }, archivedAt: null, managedBy: { not: managedBy } },
    select: { name: true },
  });
  return rows.map(({ name }) => name);
}

export interface CatalogGroup extends GroupRow {
  readonly components: readonly CatalogComponent[];
}
export interface CatalogComponent extends ComponentRow {
  readonly checks: readonly CheckRow[];
}
export interface Catalog {
  readonly groups: readonly CatalogGroup[];
  /** Components outside any group. */
  readonly ungrouped: readonly CatalogComponent[];
}

/** The whole catalogue as the admin area shows it, in page order; archived rows only when asked for. */
export async function readCatalog(db: Reader, options: { archived?: boolean } = {}): Promise<Catalog> {
  const where = options.archived ? {} : { archivedAt: null };
  const order = [{ position: "asc" as const }, { name: "asc" as const }];
  const groups = await db.componentGroup.findMany({ where, orderBy: order });
  const components = await db.component.findMany({
    where,
    include: { checks: { where, orderBy: { number: "asc" } } },
    orderBy: order,
  });
  const known = new Set(groups.map(({ id }) => id));
  return {
    groups: groups.map((group) => ({
      ...group,
      components: components.filter(({ groupId }) => groupId === group.id),
    })),
    ungrouped: components.filter(({ groupId }) => groupId === null || !known.has(groupId)),
  };
}
