import { bucketOf } from "#lib/model/histogram.ts";
import { healthOf, outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import type { Timings } from "#lib/model/observation.ts";

import type { Database, Transaction } from "./client.ts";
import { growEpisodes } from "./episodes.ts";
import { dayOf, ensurePartitions } from "./partitions.ts";
import { sqlState } from "./refused.ts";

/** One look at a check, to be stored. */
export interface NewResult {
  readonly checkNumber: number;
  readonly regionId: number;
  /** When it was due, epoch milliseconds; the key together with check and region. */
  readonly slotAt: number;
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  readonly timings: Timings;
  /** Of failures only. */
  readonly evidence: Evidence | null;
}

/**
 * Stores looks and all that is counted from them in one transaction: results, evidence, rollups
 * of hour and day, the last look of each check, and the counters of open episodes. A look that is
 * stored already (two workers had the same slot) is left out of everything.
 * @returns how many were new
 */
export async function storeResults(db: Database, results: readonly NewResult[]): Promise<number> {
  const unique = [...new Map(results.map((result) => [keyOf(result), result])).values()];
  try {
    await ensureDays(db, unique);
    return await storeUnique(db, unique);
  } catch (error) {
    if (sqlState(error) !== NO_PARTITION) throw error;
    // another process has dropped a day that this one remembers to have made
    ensuredDays.delete(db);
    await ensureDays(db, unique);
    return storeUnique(db, unique);
  }
}

// check_violation, which is what a row without a partition is
const NO_PARTITION = "23514";

async function storeUnique(db: Database, results: readonly NewResult[]): Promise<number> {
  return db.$transaction(
    async (tx) => {
      const left = new Set((await insertCounted(tx, results)).map(keyOf));
      // statements of their own: they must see episodes that were opened while this one waited for a row
      const inTrouble = await findChecksInTrouble(tx);
      await growEpisodes(
        tx,
        results.filter(
          (result) =>
            inTrouble.has(result.checkNumber) && !left.has(keyOf(result)) && result.outcome !== "unknown",
        ),
      );
      return results.length - left.size;
    },
    { maxWait: 5_000, timeout: 30_000 },
  );
}

/** Numbers of the checks with an open episode: few or none, of thousands that are looked at. */
async function findChecksInTrouble(tx: Transaction): Promise<ReadonlySet<number>> {
  const rows = await tx.$queryRaw<{ number: number }[]>`
    SELECT c.number FROM error_episodes e JOIN checks c ON c.id = e.check_id WHERE e.ended_at IS NULL`;
  return new Set(rows.map((row) => row.number));
}

interface ResultKey {
  readonly checkNumber: number;
  readonly regionId: number;
  readonly slotAt: number;
}

function keyOf({ checkNumber, regionId, slotAt }: ResultKey): string {
  return `${checkNumber}/${regionId}/${slotAt}`;
}

// Days known to have partitions, by database: asking each time would cost a query a batch
const ensuredDays = new WeakMap<Database, Set<number>>();

async function ensureDays(db: Database, results: readonly NewResult[]): Promise<void> {
  const known = ensuredDays.get(db) ?? new Set<number>();
  ensuredDays.set(db, known);
  const days = new Set(results.map((result) => dayOf(result.slotAt)));
  const missing = [...days].filter((day) => !known.has(day));
  if (missing.length === 0) return;
  await ensurePartitions(db, missing);
  for (const day of missing) known.add(day);
}

/**
 * A column as PostgreSQL writes an array, for numbers and times: as a JavaScript array, each of thousands
 * of values would be looked at and quoted by two libraries on its way.
 */
function listOf<Row>(rows: readonly Row[], value: (row: Row) => number | string): string {
  return `{${rows.map(value).join(",")}}`;
}

const SMALLINT_MAX = 32_767;

/** A phase in whole milliseconds for a smallint column; -1: it did not happen. */
function phase(ms: number | null): number {
  return ms === null ? -1 : Math.min(SMALLINT_MAX, Math.max(0, Math.round(ms)));
}

/**
 * The results, and everything counted from those that really went in, as one statement. Rows
 * go in by key order, so that two workers with the same rows wait for each other, never in a ring.
 * @returns those that did not go in, seldom any: reading thousands of keys back would hold up the looks
 */
async function insertCounted(tx: Transaction, results: readonly NewResult[]): Promise<ResultKey[]> {
  const columns = {
    slotAt: listOf(results, (row) => new Date(row.slotAt).toISOString()),
    check: listOf(results, (row) => row.checkNumber),
    region: listOf(results, (row) => row.regionId),
    outcome: listOf(results, (row) => outcomeCode(row.outcome)),
    status: listOf(results, (row) => row.httpStatus ?? -1),
    dns: listOf(results, (row) => phase(row.timings.dns)),
    connect: listOf(results, (row) => phase(row.timings.connect)),
    tls: listOf(results, (row) => phase(row.timings.tls)),
    firstByte: listOf(results, (row) => phase(row.timings.firstByte)),
    total: listOf(results, (row) => Math.max(0, Math.round(row.timings.total))),
    // latency is that of answers: a failure's time says how long somebody waited, not how fast it is
    bucket: listOf(results, (row) => (hasLatency(row.outcome) ? bucketOf(row.timings.total) : -1)),
  };
  const failures = results.flatMap(({ evidence }, index) => (evidence === null ? [] : [{ index, evidence }]));
  const telling = {
    row: listOf(failures, ({ index }) => index + 1),
    gateway: failures.map(({ evidence }) => evidence.gateway),
    evidence: failures.map(({ evidence }) => JSON.stringify(evidence)),
  };
  const rows = await tx.$queryRaw<{ checkNumber: number; regionId: number; slotAt: Date }[]>`
    WITH given AS (
      SELECT g.*, f.gateway, f.evidence FROM unnest(
        ${columns.slotAt}::timestamptz[], ${columns.check}::int[], ${columns.region}::smallint[],
        ${columns.outcome}::smallint[], ${columns.status}::smallint[], ${columns.dns}::smallint[],
        ${columns.connect}::smallint[], ${columns.tls}::smallint[], ${columns.firstByte}::smallint[],
        ${columns.total}::int[], ${columns.bucket}::int[]
      ) WITH ORDINALITY AS g(slot_at, check_number, region_id, outcome, http_status, dns_ms, connect_ms, tls_ms,
                             first_byte_ms, total_ms, bucket, row)
      LEFT JOIN unnest(${telling.row}::bigint[], ${telling.gateway}::text[], ${telling.evidence}::text[])
        AS f(row, gateway, evidence) USING (row)
    ), inserted AS (
      INSERT INTO results (slot_at, check_number, region_id, outcome, http_status, dns_ms, connect_ms,
                           tls_ms, first_byte_ms, total_ms)
      SELECT slot_at, check_number, region_id, outcome, http_status, dns_ms, connect_ms, tls_ms,
             first_byte_ms, total_ms
      FROM given
      -- the check may have been deleted while it was looked at
      WHERE EXISTS (SELECT FROM checks c WHERE c.number = given.check_number)
      ORDER BY check_number, region_id, slot_at
      ON CONFLICT DO NOTHING
      RETURNING check_number, region_id, slot_at
    ), fresh AS (
      SELECT given.* FROM inserted JOIN given USING (check_number, region_id, slot_at)
    ), evidences AS (
      INSERT INTO evidence (slot_at, check_number, region_id, gateway, detail)
      SELECT slot_at, check_number, region_id, gateway, evidence::jsonb FROM fresh WHERE evidence IS NOT NULL
      ON CONFLICT DO NOTHING
    ), by_hour AS (
      SELECT check_number, region_id, date_trunc('hour', slot_at AT TIME ZONE 'UTC') AS hour,
             count(*)::int AS total,
             -- a single count at the place of its code; shorter arrays are padded when they are added
             sum_counts(array_fill(0, ARRAY[outcome::int]) || 1) AS outcomes,
             sum_counts(array_fill(0, ARRAY[bucket]) || 1) FILTER (WHERE bucket >= 0) AS latency,
             coalesce(sum(total_ms) FILTER (WHERE bucket >= 0), 0)::bigint AS latency_sum
      FROM fresh GROUP BY 1, 2, 3
    ), hours AS (
      INSERT INTO rollup_hours AS r (check_number, region_id, starts_at, total, outcomes, latency, latency_sum)
      SELECT check_number, region_id, hour AT TIME ZONE 'UTC', total, outcomes, coalesce(latency, '{}'), latency_sum
      FROM by_hour ORDER BY 1, 2, 3
      ON CONFLICT (check_number, region_id, starts_at) DO UPDATE SET
        total = r.total + excluded.total,
        outcomes = add_counts(r.outcomes, excluded.outcomes),
        latency = coalesce(add_counts(r.latency, excluded.latency), '{}'),
        latency_sum = r.latency_sum + excluded.latency_sum
    ), days AS (
      INSERT INTO rollup_days AS r (check_number, region_id, starts_at, total, outcomes, latency, latency_sum)
      SELECT check_number, region_id, date_trunc('day', hour) AT TIME ZONE 'UTC', sum(total)::int,
             sum_counts(outcomes), coalesce(sum_counts(latency), '{}'), sum(latency_sum)::bigint
      FROM by_hour GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (check_number, region_id, starts_at) DO UPDATE SET
        total = r.total + excluded.total,
        outcomes = add_counts(r.outcomes, excluded.outcomes),
        latency = coalesce(add_counts(r.latency, excluded.latency), '{}'),
        latency_sum = r.latency_sum + excluded.latency_sum
    ), states AS (
      INSERT INTO check_states AS s (check_number, region_id, health, outcome, since, last_slot_at, last_outcome)
      SELECT DISTINCT ON (check_number, region_id)
             check_number, region_id, 'unknown', ${UNKNOWN}::smallint, slot_at, slot_at, outcome
      -- a look that saw nothing is no look
      FROM fresh WHERE outcome <> ${UNKNOWN}::smallint ORDER BY check_number, region_id, slot_at DESC
      ON CONFLICT (check_number, region_id) DO UPDATE SET
        last_slot_at = excluded.last_slot_at, last_outcome = excluded.last_outcome
        WHERE excluded.last_slot_at > s.last_slot_at
    )
    SELECT g.check_number AS "checkNumber", g.region_id::int AS "regionId", g.slot_at AS "slotAt"
    FROM given g LEFT JOIN inserted i USING (check_number, region_id, slot_at)
    WHERE i.check_number IS NULL`;
  return rows.map((row) => ({ ...row, slotAt: row.slotAt.getTime() }));
}

const UNKNOWN = outcomeCode("unknown");

function hasLatency(outcome: Outcome): boolean {
  const health = healthOf(outcome);
  return health === "up" || health === "slow";
}
