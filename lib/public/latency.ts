import { addCounts, quantile } from "#lib/model/histogram.ts";
import type { LatencyRow } from "#lib/store/public-latency.ts";

import type { LatencyPoint } from "./types.ts";

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** p50 and p95 of histograms together, in whole milliseconds. */
export function percentiles(rows: readonly LatencyRow[]): {
  readonly p50: number | null;
  readonly p95: number | null;
} {
  const counts = rows.reduce<number[]>((sum, row) => addCounts(sum, row.latency), []);
  return { p50: rounded(quantile(counts, 0.5)), p95: rounded(quantile(counts, 0.95)) };
}

/** One point a step from `from` on, gaps included; both times in epoch milliseconds. */
export function latencyPoints(
  rows: readonly LatencyRow[],
  from: number,
  step: number,
  count: number,
): LatencyPoint[] {
  const byTime = new Map(rows.map((row) => [row.at.getTime(), row]));
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * step;
    const row = byTime.get(at);
    return {
      at: new Date(at).toISOString(),
      ...percentiles(row === undefined ? [] : [row]),
      checks: row?.checks ?? 0,
      failures: row?.failures ?? 0,
    };
  });
}
