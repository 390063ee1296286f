import type { StatusRange } from "#lib/model/http-status.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

/** What an answer has to show; all that is given has to hold. */
export interface Clue {
  readonly statuses: readonly StatusRange[];
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** Headers that would say that somebody else made the answer. */
  readonly absent?: readonly string[];
  /** Looked for in the first 2 KB of the body. */
  readonly body?: RegExp;
  /**
   * The headers are set on the gateway's own errors only. Without it they also stand on answers
   * that were passed on, and a JSON body, which is an application's, takes their word away.
   */
  readonly ownErrorsOnly?: boolean;
}

/** One gateway: what its own error answers look like, and what they say of its upstream. */
export interface Gateway {
  readonly name: string;
  /** Public documentation or source that the patterns come from. */
  readonly source: string;
  readonly clues: readonly Clue[];
  readonly faults?: readonly (Clue & { readonly kind: FaultKind })[];
}

/** Statuses that hardly anything but a gateway answers with. */
export const GATEWAY = [502, 504];
/** With 503, which applications use as well. */
export const GATEWAY_AND_503 = [502, 503, 504];
/** Whatever it is, the rest of the clue decides. */
export const ANY_ERROR = ["500-599"];
