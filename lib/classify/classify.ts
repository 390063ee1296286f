import type { HttpObservation, Observation } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Expectations, FaultKind, Verdict } from "#lib/model/verdict.ts";

import { hopsOf } from "./hops.ts";
import { answeredBehind, identify } from "./identify.ts";
import { outcomeFor } from "./outcome.ts";
import { revealedBy } from "./revealed.ts";
import { roundTimeout } from "./round-timeouts.ts";
import { summarise } from "./summary.ts";
import { waitedFor } from "./waited.ts";

/**
 * Says what an observation means by itself: the outcome, the gateway when the answer proves one, what
 * went wrong behind it when the answer tells, and a sentence. Pure: no clock, no history.
 *
 * The cause stays null here: one answer alone does not prove why, and none is better than a guess.
 */
export function classify(observation: Observation, expectations: Expectations): Verdict {
  const outcome = outcomeFor(observation, expectations);
  const seen = observation.http !== null && isUnwanted(outcome) ? trace(observation, observation.http) : null;
  const kind = seen?.kind ?? null;
  const round = isUnwanted(outcome) ? roundTimeout(observation, kind) : null;
  return {
    outcome,
    summary: summarise({ observation, expectations, outcome, seen, round }),
    gateway: seen?.gateway ?? null,
    gatewayEvidence: seen?.evidence ?? [],
    kind,
    kinds: seen?.kinds ?? [],
    answeredBy: seen?.answeredBy ?? null,
    hops: seen?.hops ?? [],
    roundTimeoutS: round?.seconds ?? null,
    cause: null,
  };
}

function isUnwanted(outcome: Outcome): boolean {
  return outcome !== "up" && outcome !== "slow" && outcome !== "unknown";
}

/** What an error answer shows of the way it came. */
export type Trace = Pick<Verdict, "gateway" | "kind" | "answeredBy"> & {
  readonly evidence: readonly string[];
  readonly kinds: readonly FaultKind[];
  readonly hops: readonly string[];
};

function trace(observation: Observation, http: HttpObservation): Trace {
  const waited = waitedFor(observation);
  const identity = identify(http, waited);
  const hops = hopsOf(http);
  // what a gateway says itself goes before what we make of its page
  const revealed = http.status >= 500 ? revealedBy(http, waited) : null;
  return {
    gateway: identity?.gateway ?? null,
    evidence: [...(identity?.evidence ?? []), ...(revealed === null ? [] : [revealed.evidence])],
    kind: revealed === null ? (identity?.kind ?? null) : revealed.kind,
    kinds: revealed?.kinds ?? identity?.kinds ?? [],
    answeredBy: identity?.answeredBy ?? (identity === null ? answeredBehind(http, hops) : null),
    hops: identity === null || hops.includes(identity.gateway) ? hops : [...hops, identity.gateway],
  };
}
