import type { Confirmation, WatchedCheck } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";

/** One look to be taken. */
export interface LookOrder {
  readonly check: CheckSpec;
  /** When it is due, epoch milliseconds: its name in the results. */
  readonly at: number;
  /** What it is to confirm; null when it is simply due. */
  readonly confirms: Confirmation | null;
  /** Drops the look; it leaves no result then. */
  readonly signal: AbortSignal;
}

/** A look saw something new, and the check is to be looked at again. */
export interface ConfirmOrder {
  /** When it was first seen. */
  readonly since: number;
  /** What the delays are counted from. */
  readonly from: number;
}

/**
 * Looks at `limit` of the checks at most, the first ones that are this slot's to look at now.
 * @returns which
 */
export type LookAgain = (checks: readonly CheckSpec[], limit: number) => readonly CheckSpec[];

/** What schedule hands its looks to; lib/pipeline.ts is the one that knows the stages. */
export interface Pipeline {
  /** Takes over what is stored of all checks that are looked at from now on. */
  adopt(watched: readonly WatchedCheck[]): void;
  /** Resolves when the look and all that follows from it is committed. */
  look(order: LookOrder): Promise<ConfirmOrder | null>;
  /** Whether it is still worth confirming. */
  suspects(checkNumber: number, since: number): boolean;
  /**
   * Calls `again` with checks of which some are to be looked at right now, beside their due times: the
   * region doubts itself, or sees again.
   * @returns what ends the calls
   */
  onLookAgain?(again: LookAgain): () => void;
  /** Writes what is still in memory; gives up after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}
