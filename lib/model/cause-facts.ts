import type { Evidence } from "./evidence.ts";
import type { Phase } from "./observation.ts";
import type { Health, Outcome } from "./outcome.ts";
import type { FaultKind } from "./verdict.ts";

/** One look of the past, as far as a cause can be told from it. Milliseconds throughout. */
export interface PastLook {
  /** When it was due, since 1970. */
  readonly at: number;
  readonly region: string;
  readonly outcome: Outcome;
  readonly status: number | null;
  /** Null: it did not come to that. */
  readonly connectMs: number | null;
  readonly totalMs: number;
  /** The rest comes from its evidence; null for looks that left none. */
  readonly error: string | null;
  readonly phase: Phase | null;
  readonly kind: FaultKind | null;
  /** The header as it came: seconds or a date. */
  readonly retryAfter: string | null;
}

/** Another check, and what is believed of it at the same time. */
export interface Neighbour {
  readonly health: Health;
  readonly outcome: Outcome;
  /** Since when, milliseconds since 1970. */
  readonly since: number;
  /** Whether it speaks to the same host, under whatever port. */
  readonly sameHost: boolean;
  readonly sameComponent: boolean;
}

/** What a provider's own status page says. */
export interface ProviderWord {
  readonly name: string;
  /** none, minor, major, critical, maintenance. */
  readonly indicator: string;
  readonly description: string;
  /** Since when, milliseconds since 1970; null: not known. */
  readonly since: number | null;
}

/** Everything that the cause of one episode is told from. Times are milliseconds since 1970. */
export interface CauseFacts {
  readonly now: number;
  /** Name of the component, for sentences. */
  readonly component: string;
  readonly startedAt: number;
  /** Null while it lasts. */
  readonly endedAt: number | null;
  readonly outcome: Outcome;
  readonly kind: FaultKind | null;
  readonly timeoutMs: number;
  /** Of the first and of the latest failure. */
  readonly first: Evidence | null;
  readonly last: Evidence | null;
  /** Before and in the episode, oldest first; from frequent checks a sample. */
  readonly looks: readonly PastLook[];
  /** What each region that looks believes now. */
  readonly votes: readonly { readonly region: string; readonly health: Health; readonly outcome: Outcome }[];
  /** Planned work on the component around the start. */
  readonly maintenances: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** New versions of the component, or of the whole system, in the hour before the start. */
  readonly deploys: readonly { readonly at: number }[];
  readonly provider: ProviderWord | null;
  readonly neighbours: readonly Neighbour[];
  /** Only of a pool. */
  readonly pool: { readonly members: number; readonly failing: number } | null;
}
