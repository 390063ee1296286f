import { uuidv7 } from "#lib/base/id.ts";
import { outcomeOf, type Health } from "#lib/model/outcome.ts";
import { quorum, quorumRuleOf, type Vote } from "#lib/model/quorum.ts";
import { effectiveStatus, statusFromHealths, type ComponentStatus } from "#lib/model/status.ts";

import type { Transaction } from "./client.ts";

export interface StatusChange {
  readonly componentId: string;
  readonly from: ComponentStatus;
  readonly to: ComponentStatus;
}

interface LockedComponent {
  readonly id: string;
  readonly status: ComponentStatus;
  readonly archived: boolean;
}

interface LastSpan {
  readonly id: string;
  readonly componentId: string;
  readonly status: ComponentStatus;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
}

/**
 * Works out what each component's status is at `at` (check states, open incidents, maintenance
 * in progress), and where it changed closes the open span, opens the next and updates the
 * component. The caller bumps the public version when anything came back.
 *
 * `at` may lie a little in the past (a failure counts from its first sight, not from its
 * confirmation). A span that began after `at` keeps its beginning and takes the new status, so
 * that spans never overlap, whatever the clocks do. An archived component's span is closed.
 */
export async function refreshComponentStatus(
  tx: Transaction,
  componentIds: readonly string[],
  at: Date,
): Promise<StatusChange[]> {
  const ids = [...new Set(componentIds)];
  if (ids.length === 0) return [];
  const components = await lockComponents(tx, ids);
  const statuses = await workOutStatuses(tx, ids);
  const spans = await readLastSpans(tx, ids);
  const changes: StatusChange[] = [];
  for (const component of components) {
    const span = spans.get(component.id);
    if (component.archived) {
      await closeSpan(tx, span, at);
      continue;
    }
    const status = statuses.get(component.id) ?? "unknown";
    const since = await continueSpans(tx, component.id, span, status, at);
    if (component.status === status) continue;
    await tx.component.update({ where: { id: component.id }, data: { status, statusSince: since } });
    changes.push({ componentId: component.id, from: component.status, to: status });
  }
  return changes;
}

/** Locks the components until the transaction ends, always in the order of their ids. */
export async function lockComponents(tx: Transaction, ids: readonly string[]): Promise<LockedComponent[]> {
  return tx.$queryRaw<LockedComponent[]>`
    SELECT id::text, status::text, archived_at IS NOT NULL AS archived
    FROM components WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`;
}

async function workOutStatuses(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, ComponentStatus>> {
  const among = { in: [...ids] };
  const healths = await readCheckHealths(tx, ids);
  const incidents = await tx.incidentComponent.findMany({
    where: { componentId: among, incident: { resolvedAt: null } },
    select: { componentId: true, status: true },
  });
  const maintenances = await tx.maintenanceComponent.findMany({
    where: { componentId: among, maintenance: { status: { in: ["in_progress", "verifying"] } } },
    select: { componentId: true },
  });
  const inMaintenance = new Set(maintenances.map((row) => row.componentId));
  return new Map(
    ids.map((id) => [
      id,
      effectiveStatus({
        measured: statusFromHealths(healths.get(id) ?? null),
        incidents: incidents.filter((row) => row.componentId === id).map((row) => row.status),
        inMaintenance: inMaintenance.has(id),
      }),
    ]),
  );
}

/**
 * The health of each check that is switched on, its regions' votes counted, by component; an
 * empty list where all are switched off, nothing where there are none.
 */
async function readCheckHealths(tx: Transaction, ids: readonly string[]): Promise<Map<string, Health[]>> {
  const checks = await tx.check.findMany({
    where: { componentId: { in: [...ids] }, archivedAt: null },
    select: {
      componentId: true,
      enabled: true,
      regions: true,
      quorum: true,
      states: { select: { health: true, outcome: true, region: { select: { name: true } } } },
    },
  });
  const healths = new Map<string, Health[]>(checks.map(({ componentId }) => [componentId, []]));
  for (const check of checks) {
    if (!check.enabled) continue;
    const votes: Vote[] = check.states
      .filter((state) => check.regions.length === 0 || check.regions.includes(state.region.name))
      .map((state) => ({ health: state.health, outcome: outcomeOf(state.outcome) }));
    healths.get(check.componentId)?.push(quorum(votes, quorumRuleOf(check.quorum)).health);
  }
  return healths;
}

async function readLastSpans(tx: Transaction, ids: readonly string[]): Promise<Map<string, LastSpan>> {
  const spans = await tx.$queryRaw<LastSpan[]>`
    SELECT DISTINCT ON (component_id)
      id::text, component_id::text AS "componentId", status::text, starts_at AS "startsAt", ends_at AS "endsAt"
    FROM status_spans WHERE component_id = ANY(${[...ids]}::uuid[])
    ORDER BY component_id, starts_at DESC`;
  return new Map(spans.map((span) => [span.componentId, span]));
}

/**
 * Makes the component's last span one that is open and says `status`.
 * @returns when that span begins
 */
async function continueSpans(
  tx: Transaction,
  componentId: string,
  last: LastSpan | undefined,
  status: ComponentStatus,
  at: Date,
): Promise<Date> {
  if (last === undefined) return openSpan(tx, componentId, status, at);
  if (last.endsAt !== null) return openSpan(tx, componentId, status, later(at, last.endsAt));
  if (last.status === status) return last.startsAt;
  if (last.startsAt < at) {
    await closeSpan(tx, last, at);
    return openSpan(tx, componentId, status, at);
  }
  return retellSpan(tx, last, status);
}

/** Gives the open span another status; one that now says the same as the span before it joins it. */
async function retellSpan(tx: Transaction, open: LastSpan, status: ComponentStatus): Promise<Date> {
  const before = await tx.statusSpan.findFirst({
    where: { componentId: open.componentId, endsAt: open.startsAt, status },
  });
  if (before === null) {
    await tx.statusSpan.update({ where: { id: open.id }, data: { status } });
    return open.startsAt;
  }
  await tx.statusSpan.delete({ where: { id: open.id } });
  await tx.statusSpan.update({ where: { id: before.id }, data: { endsAt: null } });
  return before.startsAt;
}

async function openSpan(
  tx: Transaction,
  componentId: string,
  status: ComponentStatus,
  at: Date,
): Promise<Date> {
  await tx.statusSpan.create({ data: { id: uuidv7(), componentId, status, startsAt: at } });
  return at;
}

/** Ends an open span; one that would have no length goes away. */
async function closeSpan(tx: Transaction, span: LastSpan | undefined, at: Date): Promise<void> {
  if (span === undefined || span.endsAt !== null) return;
  if (span.startsAt < at) await tx.statusSpan.update({ where: { id: span.id }, data: { endsAt: at } });
  else await tx.statusSpan.delete({ where: { id: span.id } });
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
