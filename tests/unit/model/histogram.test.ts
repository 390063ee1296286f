import { describe, expect, it } from "vitest";

import { addCounts, boundOf, bucketOf, LATENCY_BUCKETS, quantile } from "#lib/model/histogram.ts";

function histogramOf(values: readonly number[]): number[] {
  const counts = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const value of values) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1;
  return counts;
}

describe("latency histogram", () => {
  it("puts every value between its bucket's bounds", () => {
    for (const ms of [0, 0.4, 1, 1.1, 2, 3, 10, 99, 100, 1_000, 12_345, 60_000, 120_000]) {
      const bucket = bucketOf(ms);
      expect(boundOf(bucket)).toBeLessThanOrEqual(ms);
      expect(ms).toBeLessThan(boundOf(bucket + 1) + 1e-9);
    }
  });

  it("keeps what is beyond the last bound, and what is not a number, inside the array", () => {
    expect(bucketOf(10 ** 9)).toBe(LATENCY_BUCKETS - 1);
    expect(bucketOf(Number.NaN)).toBe(0);
    expect(bucketOf(-5)).toBe(0);
  });

  it("finds quantiles within the stated error of a bucket", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => 20 + (i * 480) / 9_999);
    const counts = histogramOf(values);
    for (const q of [0.05, 0.5, 0.95, 0.99]) {
      const exact = 20 + q * 480;
      const found = quantile(counts, q);
      expect(found).not.toBeNull();
      expect(Math.abs((found ?? 0) - exact) / exact).toBeLessThan(0.095);
    }
  });

  it("is null for no values", () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([0, 0], 0.5)).toBeNull();
  });

  it("merges: the quantile of a sum is the quantile of all values", () => {
    const a = [10, 20, 30];
    const b = [400, 500];
    expect(quantile(addCounts(histogramOf(a), histogramOf(b)), 0.5)).toBe(
      quantile(histogramOf([...a, ...b]), 0.5),
    );
  });

  it("adds counters of different lengths", () => {
    expect(addCounts([1, 2], [3, 4, 5])).toEqual([4, 6, 5]);
  });
});
