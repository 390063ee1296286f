import { uuidv7 } from "#lib/base/id.ts";
import { outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import type { ComponentStatus, Impact, IncidentStatus, MaintenanceStatus } from "#lib/model/status.ts";
import type { Cause, FaultKind } from "#lib/model/verdict.ts";

import type { Transaction } from "./client.ts";
import { Prisma } from "./generated/client.ts";

const SAMPLE = { managedBy: "sample" } as const;

/** The audit action that keeps a removed sample from coming back. */
export const SAMPLE_REMOVED = "sample.removed";

/** Counts of an hour or day; arrays as in the rollup tables. */
export interface SampleCounts {
  /** Epoch milliseconds, as every time here. */
  readonly startsAt: number;
  readonly total: number;
  readonly outcomes: readonly number[];
  readonly latency: readonly number[];
  readonly latencySum: number;
}

export interface SampleComponentData {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly group: string;
  /** Oldest first, without gaps; the last one is open. */
  readonly spans: readonly {
    readonly status: ComponentStatus;
    readonly startsAt: number;
    readonly endsAt: number | null;
  }[];
  readonly episodes: readonly {
    readonly outcome: Outcome;
    readonly httpStatus: number | null;
    readonly kind: FaultKind | null;
    readonly cause: Cause | null;
    readonly startedAt: number;
    readonly endedAt: number;
    readonly checks: number;
  }[];
  readonly hours: readonly SampleCounts[];
  readonly days: readonly SampleCounts[];
}

export interface SampleIncidentData {
  readonly code: string;
  readonly name: string;
  readonly impact: Impact;
  readonly startedAt: number;
  readonly monitoringAt: number;
  readonly resolvedAt: number;
  /** Slugs. */
  readonly components: readonly string[];
  readonly updates: readonly {
    readonly status: IncidentStatus;
    readonly body: string;
    readonly at: number;
    /** What it changed of every component of the incident. */
    readonly change: { readonly from: ComponentStatus; readonly to: ComponentStatus } | null;
  }[];
}

export interface SampleMaintenanceData {
  readonly code: string;
  readonly name: string;
  readonly status: MaintenanceStatus;
  readonly scheduledFor: number;
  readonly scheduledUntil: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly components: readonly string[];
  readonly updates: readonly {
    readonly status: MaintenanceStatus;
    readonly body: string;
    readonly at: number;
  }[];
}

export interface SampleData {
  readonly page: string;
  readonly region: string;
  readonly gateway: string;
  readonly groups: readonly string[];
  readonly check: {
    readonly name: string;
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly slowMs: number;
    readonly confirmMs: readonly number[];
  };
  readonly components: readonly SampleComponentData[];
  readonly incidents: readonly SampleIncidentData[];
  readonly maintenances: readonly SampleMaintenanceData[];
  /** The moment of the last generated check. */
  readonly until: number;
}

type Reader = Pick<Transaction, "component" | "auditEntry">;

/** True while the sample is there. */
export async function sampleIsSet(db: Pick<Reader, "component">): Promise<boolean> {
  return (await db.component.findFirst({ where: SAMPLE, select: { id: true } })) !== null;
}

/** True for a database in which nobody has made a component yet, and no sample was ever removed. */
export async function isUntouched(db: Reader): Promise<boolean> {
  if ((await db.component.findFirst({ select: { id: true } })) !== null) return false;
  return (
    (await db.auditEntry.findFirst({ where: { action: SAMPLE_REMOVED }, select: { id: true } })) === null
  );
}

/** Inserts the whole sample. Its checks are switched off until its servers say where they listen. */
export async function insertSample(tx: Transaction, data: SampleData): Promise<void> {
  const at = new Date(data.until);
  await tx.pageSettings.createMany({ data: [{ id: 1, name: data.page, ...SAMPLE }], skipDuplicates: true });
  const region =
    (await tx.region.findUnique({ where: { name: data.region } })) ??
    (await tx.region.create({ data: { name: data.region } }));
  const groups = data.groups.map((name, position) => ({ id: uuidv7(), name, position, ...SAMPLE }));
  await tx.componentGroup.createMany({ data: groups });
  const ids = new Map(data.components.map(({ slug }) => [slug, uuidv7()]));
  for (const [position, component] of data.components.entries()) {
    const id = idOf(ids, component.slug);
    const last = component.spans.at(-1);
    await tx.component.create({
      data: {
        id,
        slug: component.slug,
        name: component.name,
        description: component.description,
        groupId: groups.find(({ name }) => name === component.group)?.id ?? null,
        position,
        status: last?.status ?? "unknown",
        statusSince: new Date(last?.startsAt ?? data.until),
        ...SAMPLE,
      },
    });
    await insertMeasurements(tx, data, component, { componentId: id, regionId: region.id, at });
  }
  for (const incident of data.incidents) await insertIncident(tx, incident, ids);
  for (const maintenance of data.maintenances) await insertMaintenance(tx, maintenance, ids);
}

async function insertMeasurements(
  tx: Transaction,
  data: SampleData,
  component: SampleComponentData,
  {
    componentId,
    regionId,
    at,
  }: { readonly componentId: string; readonly regionId: number; readonly at: Date },
): Promise<void> {
  const { confirmMs, ...check } = data.check;
  const { id: checkId, number: checkNumber } = await tx.check.create({
    data: {
      ...check,
      confirmMs: [...confirmMs],
      componentId,
      kind: "http",
      // a place-holder: `aimSample` writes the real address at every start of the servers
      target: { url: `http://127.0.0.1/${component.slug}` },
      enabled: false,
      ...SAMPLE,
    },
  });
  await tx.statusSpan.createMany({
    data: component.spans.map(({ status, startsAt, endsAt }) => ({
      componentId,
      status,
      startsAt: new Date(startsAt),
      endsAt: endsAt === null ? null : new Date(endsAt),
    })),
  });
  await tx.errorEpisode.createMany({
    data: component.episodes.map(({ outcome, startedAt, endedAt, checks, cause, ...facts }) => ({
      ...facts,
      // a Cause is plain JSON
      cause: cause === null ? Prisma.DbNull : (cause as unknown as Prisma.InputJsonValue),
      diagnosedAt: new Date(endedAt),
      // its proxy makes every error answer itself
      answeredBy: "edge",
      componentId,
      checkId,
      outcome: outcomeCode(outcome),
      gateway: data.gateway,
      startedAt: new Date(startedAt),
      endedAt: new Date(endedAt),
      checks,
      failures: checks,
      regions: [data.region],
    })),
  });
  await insertCounts(tx, "rollup_hours", checkNumber, regionId, component.hours);
  await insertCounts(tx, "rollup_days", checkNumber, regionId, component.days);
  const up = outcomeCode("up");
  const since = new Date(component.spans.at(-1)?.startsAt ?? at);
  await tx.checkState.create({
    data: { checkNumber, regionId, health: "up", outcome: up, since, lastSlotAt: at, lastOutcome: up },
  });
}

/** One statement a table: row by row, the arrays make it five times as slow. */
async function insertCounts(
  tx: Transaction,
  table: "rollup_hours" | "rollup_days",
  checkNumber: number,
  regionId: number,
  counts: readonly SampleCounts[],
): Promise<void> {
  const rows = JSON.stringify(counts.map((row) => ({ ...row, startsAt: new Date(row.startsAt) })));
  await tx.$executeRaw`
    INSERT INTO ${Prisma.raw(table)} (check_number, region_id, starts_at, total, outcomes, latency, latency_sum)
    SELECT ${checkNumber}::int, ${regionId}::smallint, r."startsAt", r.total, r.outcomes, r.latency, r."latencySum"
    FROM jsonb_to_recordset(${rows}::jsonb)
      AS r("startsAt" timestamptz, total int, outcomes int[], latency int[], "latencySum" bigint)`;
}

async function insertIncident(
  tx: Transaction,
  data: SampleIncidentData,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const { code, name, impact } = data;
  const componentIds = data.components.map((slug) => idOf(ids, slug));
  await tx.incident.create({
    data: {
      code,
      name,
      impact,
      status: "resolved",
      startedAt: new Date(data.startedAt),
      monitoringAt: new Date(data.monitoringAt),
      resolvedAt: new Date(data.resolvedAt),
      createdAt: new Date(data.startedAt),
      ...SAMPLE,
      components: { create: componentIds.map((componentId) => ({ componentId, status: "operational" })) },
      updates: {
        create: data.updates.map(({ status, body, at, change }) => ({
          status,
          body,
          displayAt: new Date(at),
          createdAt: new Date(at),
          deliverNotifications: false,
          components: {
            create:
              change === null
                ? []
                : componentIds.map((componentId) => ({
                    componentId,
                    oldStatus: change.from,
                    newStatus: change.to,
                  })),
          },
        })),
      },
    },
  });
}

async function insertMaintenance(
  tx: Transaction,
  data: SampleMaintenanceData,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.maintenance.create({
    data: {
      code: data.code,
      name: data.name,
      status: data.status,
      scheduledFor: new Date(data.scheduledFor),
      scheduledUntil: new Date(data.scheduledUntil),
      startedAt: dateOrNull(data.startedAt),
      completedAt: dateOrNull(data.completedAt),
      createdAt: new Date(data.updates[0]?.at ?? data.scheduledFor),
      ...SAMPLE,
      components: { create: data.components.map((slug) => ({ componentId: idOf(ids, slug) })) },
      updates: {
        create: data.updates.map(({ status, body, at }) => ({
          status,
          body,
          displayAt: new Date(at),
          createdAt: new Date(at),
          deliverNotifications: false,
        })),
      },
    },
  });
}

function idOf(ids: ReadonlyMap<string, string>, slug: string): string {
  const id = ids.get(slug);
  if (id === undefined) throw new Error(`the sample has no component ${slug}`);
  return id;
}

/** Switches the sample's checks on, each at its path behind `address`. */
export async function aimSample(tx: Transaction, address: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE checks SET target = jsonb_build_object('url', ${address}::text || '/' || components.slug), enabled = true, updated_at = now()
    FROM components
    WHERE components.id = checks.component_id AND checks.managed_by = 'sample'`;
}

/** Switches the sample's checks off, while its servers are not there: they would only find closed ports. */
export async function pauseSample(db: Pick<Transaction, "check">): Promise<void> {
  await db.check.updateMany({ where: { ...SAMPLE, enabled: true }, data: { enabled: false } });
}

/**
 * Deletes the sample with everything measured of it, and nothing else: what others made beside
 * it stays, also when it stood in one of the sample's groups.
 * @returns the number of components deleted; 0: there was no sample
 */
export async function deleteSample(tx: Transaction): Promise<number> {
  await tx.incident.deleteMany({ where: SAMPLE });
  await tx.maintenance.deleteMany({ where: SAMPLE });
  // spans, episodes, checks, results, evidence and rollups go with their component
  const { count } = await tx.component.deleteMany({ where: SAMPLE });
  await tx.componentGroup.deleteMany({ where: SAMPLE });
  await tx.pageSettings.deleteMany({ where: SAMPLE });
  return count;
}

function dateOrNull(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
