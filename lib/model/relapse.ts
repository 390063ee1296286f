const SOON_MS = 60_000;
const SOON_INTERVALS = 2;
const LATE_MS = 3_600_000;
const LATE_INTERVALS = 100;
/** From this share of failing looks on, nobody would call it well. */
const UNWELL = 0.1;

/** After a longer recovery than this, milliseconds, nothing is a relapse: nobody need count looks. */
export function relapseLimitMs(intervalMs: number): number {
  return Math.max(LATE_MS, LATE_INTERVALS * intervalMs);
}

/** What lies between the end of an episode and a new failure of its class. */
export interface Recovery {
  /** From the first good look to the first bad one, milliseconds; negative when they overlap. */
  readonly lastedMs: number;
  /** Looks in between that saw anything, and how many of them failed, confirmed or not. */
  readonly looks: number;
  readonly failures: number;
}

/**
 * Whether a failure of the same class is the old episode going on and not a new one:
 *
 * - soon: within two intervals of its end, at least a minute;
 * - or within a hundred intervals, at least an hour, when a tenth or more of the looks in between
 *   failed: a service behind round robin with one bad member in four looks well for minutes on end;
 * - or in that time, when nobody looked: an end that nobody saw is none.
 *
 * A single good look never ends an episode in the first place: it is confirmed like a failure.
 */
export function isRelapse({ lastedMs, looks, failures }: Recovery, intervalMs: number): boolean {
  if (lastedMs <= Math.max(SOON_MS, SOON_INTERVALS * intervalMs)) return true;
  return lastedMs <= relapseLimitMs(intervalMs) && failures >= looks * UNWELL;
}
