/**
 * A mergeable latency histogram: bucket i counts values in [bound(i), bound(i + 1)) with bounds
 * growing by 2^(1/4) from 1 ms, so that a quantile is off by at most 9.5 %. 68 buckets reach
 * 131 s, more than any probe may take.
 */
export const LATENCY_BUCKETS = 68;

const STEPS_PER_OCTAVE = 4;

/** The bucket of a latency in milliseconds; below 1 ms is bucket 0, the last one takes the rest. */
export function bucketOf(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(LATENCY_BUCKETS - 1, Math.floor(Math.log2(ms) * STEPS_PER_OCTAVE));
}

/** Lower bound of a bucket in milliseconds; bucket 0 begins at 0. */
export function boundOf(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** (bucket / STEPS_PER_OCTAVE);
}

/**
 * The q-quantile in milliseconds, interpolated inside its bucket; null for an empty histogram.
 * @param q between 0 and 1
 */
export function quantile(counts: readonly number[], q: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = q * total;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const from = boundOf(bucket);
      const to = 2 ** ((bucket + 1) / STEPS_PER_OCTAVE);
      return from + ((rank - below) / count) * (to - from);
    }
    below += count;
  }
  return boundOf(LATENCY_BUCKETS - 1);
}

/** Element-wise sum; the longer length wins. */
export function addCounts(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}
