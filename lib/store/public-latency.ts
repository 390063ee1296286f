import { FAILURE_CODES } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";

export interface LatencyRow {
  /** Start of the hour or day. */
  readonly at: Date;
  readonly checks: number;
  readonly failures: number;
  /** The histogram of lib/model/histogram.ts over up and slow results. */
  readonly latency: readonly number[];
}

// arrays start at 1 in SQL
const FAILURES = FAILURE_CODES.map((code) => code + 1);

/**
 * A component's hours since `from`, oldest first, all of its checks and regions together.
 * Hours without results are left out. Failures are those of FAILURE_CODES.
 */
export function readLatencyHours(db: Database, componentId: string, from: Date): Promise<LatencyRow[]> {
  return db.$queryRaw<LatencyRow[]>`
    SELECT r.starts_at AS "at", sum(r.total)::int AS "checks",
           sum((SELECT coalesce(sum(n), 0) FROM unnest(r.outcomes) WITH ORDINALITY AS o(n, i)
                WHERE o.i = ANY(${FAILURES}::int[])))::int AS "failures",
           sum_counts(r.latency) AS "latency"
    FROM rollup_hours r
    JOIN checks k ON k.number = r.check_number
    WHERE k.component_id = ${componentId}::uuid AND r.starts_at >= ${from}
    GROUP BY r.starts_at ORDER BY r.starts_at`;
}

/** The same by UTC day. */
export function readLatencyDays(db: Database, componentId: string, from: Date): Promise<LatencyRow[]> {
  return db.$queryRaw<LatencyRow[]>`
    SELECT r.starts_at AS "at", sum(r.total)::int AS "checks",
           sum((SELECT coalesce(sum(n), 0) FROM unnest(r.outcomes) WITH ORDINALITY AS o(n, i)
                WHERE o.i = ANY(${FAILURES}::int[])))::int AS "failures",
           sum_counts(r.latency) AS "latency"
    FROM rollup_days r
    JOIN checks k ON k.number = r.check_number
    WHERE k.component_id = ${componentId}::uuid AND r.starts_at >= ${from}
    GROUP BY r.starts_at ORDER BY r.starts_at`;
}
