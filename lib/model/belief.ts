import type { CheckSpec } from "./check.ts";
import type { Health, Outcome } from "./outcome.ts";

/** What one region believes of a check, confirmed. Times are epoch milliseconds. */
export interface Belief {
  readonly health: Health;
  /** The outcome that the health rests on: for `down` the class of the failure. */
  readonly outcome: Outcome;
  /** Since when, counted from the first sight. */
  readonly since: number;
  /** Due time of the last look that came to anything; null: nobody has looked yet. */
  readonly lastSlotAt: number | null;
}

/** A check that a region looks at, and what it believes of it. */
export interface WatchedCheck {
  readonly spec: CheckSpec;
  readonly belief: Belief;
}

/** A belief that has changed and is to be written down. */
export interface Transition {
  readonly checkNumber: number;
  readonly regionId: number;
  readonly from: Belief;
  readonly to: { readonly health: Health; readonly outcome: Outcome };
  /** From when on it is so: the first sight, or the end of what was known. */
  readonly at: number;
}

/** Says which suspicion a look is to confirm, and whether it is the last that was ordered for it. */
export interface Confirmation {
  /** When what is suspected was first seen; it tells one suspicion of a check from the next. */
  readonly since: number;
  readonly last: boolean;
}

/** Room for a worker that died and another that takes over its slot. */
const SILENCE_GRACE_MS = 15_000;

/** How long a check may go without a look before its last one says nothing about now. */
export function silenceLimitMs(check: Pick<CheckSpec, "intervalMs" | "timeoutMs">): number {
  return 2 * check.intervalMs + check.timeoutMs + SILENCE_GRACE_MS;
}
