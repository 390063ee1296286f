import { isFailing, type Health, type Outcome } from "./outcome.ts";

/** What one region believes of a check. */
export interface Vote {
  readonly health: Health;
  readonly outcome: Outcome;
}

/**
 * What a check is believed to be from all its regions: down when more than half of those that
 * could look say so, partly failing or slow when more than half say that or worse, otherwise up.
 * Regions that could not look have no vote. The outcome is the one that most of the deciding
 * votes name.
 */
export function quorum(votes: readonly Vote[]): Vote {
  const known = votes.filter((vote) => vote.health !== "unknown");
  if (known.length === 0) return { health: "unknown", outcome: "unknown" };
  const down = known.filter((vote) => vote.health === "down");
  if (down.length * 2 > known.length) return { health: "down", outcome: mostCommon(down, "unknown") };
  const failing = known.filter((vote) => isFailing(vote.health));
  if (failing.length * 2 > known.length) return { health: "partial", outcome: "partial_failure" };
  const notUp = known.filter((vote) => vote.health !== "up");
  if (notUp.length * 2 > known.length) return { health: "slow", outcome: "slow" };
  return { health: "up", outcome: "up" };
}

function mostCommon(votes: readonly Vote[], none: Outcome): Outcome {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of votes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  let best = none;
  let most = 0;
  for (const [outcome, count] of counts) {
    if (count > most) [best, most] = [outcome, count];
  }
  return best;
}
