const FIRST = 250;
const LONGEST = 30_000;
const STEADY = 60_000;

/**
 * How long to wait before something that ended is started again: 250 ms, doubled with each
 * failure in a row, half a minute at most. Having run for a minute counts as having recovered.
 *
 * @param failures how often in a row it had ended before
 * @param ranMs how long it ran this time, in milliseconds
 * @returns the wait in milliseconds, and the failures to count next time
 */
export function backoff(failures: number, ranMs: number): { waitMs: number; failures: number } {
  const before = ranMs >= STEADY ? 0 : failures;
  return { waitMs: Math.min(LONGEST, FIRST * 2 ** Math.min(before, 16)), failures: before + 1 };
}
