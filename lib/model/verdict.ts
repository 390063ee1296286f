import type { StatusRange } from "./http-status.ts";
import type { Outcome } from "./outcome.ts";

/** What happened between the gateway and its upstream. */
export const FAULT_KINDS = [
  "upstream_refused",
  "upstream_closed_early",
  "upstream_reset",
  "upstream_invalid_response",
  "upstream_header_too_big",
  "upstream_tls_failure",
  "upstream_name_not_found",
  "no_live_upstream",
  "upstream_connect_timeout",
  "upstream_response_timeout",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Who wrote an error answer: the hop nearest to us, or one behind it, whose answer was passed on. */
export type AnsweredBy = "edge" | "origin";

export const CAUSE_KINDS = [
  "overload",
  "network",
  "configuration",
  "firewall",
  "planned",
  "unknown",
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

export interface Cause {
  readonly kind: CauseKind;
  /** 0 to 1. */
  readonly confidence: number;
  /** One sentence that a non-engineer understands. */
  readonly summary: string;
  /** What speaks for it and against it, strongest first. */
  readonly evidence: readonly CauseEvidence[];
}

/** One thing that a cause rests on. */
export interface CauseEvidence {
  /** Name of the rule (docs/diagnosis.md). */
  readonly rule: string;
  /** A plain sentence with the facts in it. */
  readonly text: string;
  /** What it adds to the cause, in log-odds; negative: it speaks against. */
  readonly weight: number;
}

/** What an Observation means, by itself: no history, no clock. */
export interface Verdict {
  readonly outcome: Outcome;
  /** One sentence for the person who reads the log, with the facts in it. */
  readonly summary: string;
  /** A gateway's display name ("nginx", "Cloudflare"), when the response proves one. */
  readonly gateway: string | null;
  /** What proved it, e.g. `server: nginx/1.22.1`. */
  readonly gatewayEvidence: readonly string[];
  readonly kind: FaultKind | null;
  /** All that it can have been, likeliest first, when the answer narrows it down; `kind` is among them. */
  readonly kinds?: readonly FaultKind[];
  /** Null when the answer does not tell. */
  readonly answeredBy: AnsweredBy | null;
  /** Hops that the answer's headers show, outermost first. */
  readonly hops?: readonly string[];
  /** Seconds of a proxy's usual time limit that the wait came to (docs/diagnosis.md); null: none. */
  readonly roundTimeoutS: number | null;
  readonly cause: Cause | null;
}

/** What a check asks of an answer, beside what the probe itself judged (the body). */
export interface Expectations {
  /** Milliseconds in total above which an answer is slow; null: never. */
  readonly slowMs: number | null;
  /** HTTP statuses that are fine; other kinds of checks leave it empty. */
  readonly expectStatus: readonly StatusRange[];
}
