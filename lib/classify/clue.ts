import type { StatusRange } from "#lib/model/http-status.ts";
import type { AnsweredBy, FaultKind } from "#lib/model/verdict.ts";

/** What an answer has to show; all that is given has to hold. */
export interface Clue {
  readonly statuses: readonly StatusRange[];
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** Headers that would say that somebody else made the answer. */
  readonly absent?: readonly string[];
  /** Headers that, with such a value, would say the same. */
  readonly unless?: Readonly<Record<string, RegExp>>;
  /** Looked for in the first 2 KB of the body. */
  readonly body?: RegExp;
  /**
   * The headers are set on the gateway's own errors only. Without it they also stand on answers
   * that were passed on, and a JSON body, which is an application's, takes their word away.
   */
  readonly ownErrorsOnly?: boolean;
  /** Where this very page tells whether the gateway failed itself or only clothed what came from behind. */
  readonly answeredBy?: AnsweredBy;
}

/** One gateway: what its own error answers look like, and what they say of its upstream. */
export interface Gateway {
  readonly name: string;
  /** Public documentation or source that the patterns come from. */
  readonly source: string;
  readonly clues: readonly Clue[];
  /** The first one that holds decides. */
  readonly faults?: readonly Fault[];
}

/** What an error answer says of what happened behind the gateway. */
export interface Fault extends Clue {
  readonly kind?: FaultKind;
  /** Where the page is the same for several: all of them, likeliest first. A `kind` beside it is likelier than not. */
  readonly kinds?: readonly FaultKind[];
  readonly waited?: Waited;
}

/** How long the gateway took to give up, where its behaviour tells (docs/diagnosis.md). */
export interface Waited {
  /** Milliseconds. */
  readonly atLeast?: number;
  readonly under?: number;
  /** It gave up on a full second, as timers do and failures do not. */
  readonly onFullSecond?: boolean;
}

/**
 * nginx's page and those made after it: the name under the line, or, where a program has taken the markup
 * away, the title, the name and nothing else.
 * @param by pattern of the name, without anchors
 */
export function signedBy(by: string): RegExp {
  return new RegExp(`<hr><center>(?:${by})</center>|^\\s*5\\d\\d [\\w -]+\\s+(?:${by})\\s*$`);
}

/** Statuses that hardly anything but a gateway answers with. */
export const GATEWAY = [502, 504];
/** With 503, which applications use as well. */
export const GATEWAY_AND_503 = [502, 503, 504];
/** Whatever it is, the rest of the clue decides. */
export const ANY_ERROR = ["500-599"];

/** What a program that had connected can have met with instead of an answer. */
export const BROKEN_ANSWER: readonly FaultKind[] = [
  "upstream_closed_early",
  "upstream_reset",
  "upstream_invalid_response",
  "upstream_header_too_big",
];

/** What a program that has one page for every 502 can have met with at once. */
export const ANY_502: readonly FaultKind[] = [
  "upstream_refused",
  "upstream_closed_early",
  "upstream_reset",
  "no_live_upstream",
  "upstream_header_too_big",
  "upstream_tls_failure",
  "upstream_name_not_found",
  "upstream_invalid_response",
];
