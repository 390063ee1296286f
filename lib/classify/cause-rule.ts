import type { CauseFacts } from "#lib/model/cause-facts.ts";
import type { CauseKind } from "#lib/model/verdict.ts";

import type { History } from "./cause-history.ts";

/** What a rule looks at. Two rules of one family say the same thing twice; of two families they agree. */
export const FAMILIES = [
  "plan",
  "certificate",
  "name",
  "answer",
  "connection",
  "load",
  "onset",
  "place",
  "provider",
] as const;
export type Family = (typeof FAMILIES)[number];

/** The facts of an episode, with what its course of events comes to. */
export interface Seen {
  readonly facts: CauseFacts;
  readonly history: History;
}

/** One thing that may be seen, and what it says of each cause. */
export interface CauseRule {
  /** Stored with the evidence and named in docs/diagnosis.md; never changed. */
  readonly id: string;
  readonly family: Family;
  /** Log-odds that it adds to each cause. */
  readonly weights: Readonly<Partial<Record<CauseKind, number>>>;
  /** It alone is enough to be sure: nothing else produces it. */
  readonly proof?: true;
  /** Why it says so, with its source where it has one. */
  readonly reason: string;
  /**
   * A clause for people with the facts in it, beginning in lower case and without a full stop; null
   * when it is not seen. Strangers read it: no addresses, no versions, no bodies.
   */
  readonly tell: (seen: Seen) => string | null;
}
