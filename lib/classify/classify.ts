import type { Observation } from "#lib/model/observation.ts";
import type { Expectations, Verdict } from "#lib/model/verdict.ts";

import { identify } from "./identify.ts";
import { outcomeFor } from "./outcome.ts";
import { poolVerdict } from "./pool.ts";
import { summarise } from "./summary.ts";

/**
 * Says what an observation means by itself: the outcome, the gateway when the answer proves one, what
 * went wrong behind it when the answer tells, and a sentence. Pure: no clock, no history.
 *
 * The cause stays null here: one answer alone does not prove why, and none is better than a guess.
 */
export function classify(observation: Observation, expectations: Expectations): Verdict {
  const verdict = classifyOne(observation, expectations);
  return observation.pool === undefined ? verdict : poolVerdict(verdict, observation.pool, expectations);
}

function classifyOne(observation: Observation, expectations: Expectations): Verdict {
  const outcome = outcomeFor(observation, expectations);
  const unwanted = outcome !== "up" && outcome !== "slow" && outcome !== "unknown";
  const identity = observation.http !== null && unwanted ? identify(observation.http) : null;
  return {
    outcome,
    summary: summarise({ observation, expectations, outcome, identity }),
    gateway: identity?.gateway ?? null,
    gatewayEvidence: identity?.evidence ?? [],
    kind: identity?.kind ?? null,
    cause: null,
  };
}
