import type { Observation } from "#lib/model/observation.ts";

import type { Waited } from "./clue.ts";

// a timer goes off a little late, never early; what is early is the round trip taken off a shade too long
const EARLY_MS = 25;
const LATE_MS = 120;
const LATE_SHARE = 0.005;

/**
 * Milliseconds that the other side took over its answer: from the request to the first byte, less the
 * round trip that the connection needed. A connection that was cut instead counts up to the cut. Null
 * when nothing was asked or nothing came.
 */
export function waitedFor({ timings, error, phase }: Observation): number | null {
  const { dns, connect, tls, firstByte, total } = timings;
  if (firstByte !== null) return Math.max(0, firstByte - (connect ?? 0));
  const cut = error?.code === "CLOSED" || error?.code === "ECONNRESET";
  if (!cut || phase !== "first_byte") return null;
  return Math.max(0, total - (dns ?? 0) - 2 * (connect ?? 0) - (tls ?? 0));
}

/** True when a wait ended as a timer of that many seconds would end it. */
export function isTimer(waitedMs: number, seconds: number): boolean {
  const over = waitedMs - seconds * 1_000;
  return over >= -EARLY_MS && over <= Math.max(LATE_MS, seconds * 1_000 * LATE_SHARE);
}

/** Whether a wait fits a rule of the table. */
export function fitsWait(waitedMs: number | null, rule: Waited | undefined): boolean {
  if (rule === undefined) return true;
  if (waitedMs === null) return false;
  if (rule.atLeast !== undefined && waitedMs < rule.atLeast) return false;
  if (rule.under !== undefined && waitedMs >= rule.under) return false;
  if (rule.onFullSecond !== true) return true;
  const seconds = Math.round(waitedMs / 1_000);
  return seconds >= 1 && isTimer(waitedMs, seconds);
}
