import { isFailing, type Health, type Outcome } from "./outcome.ts";

/** What one region believes of a check. */
export interface Vote {
  readonly health: Health;
  readonly outcome: Outcome;
}

/** A vote with the region that cast it: what an episode keeps. */
export interface RegionVote extends Vote {
  readonly region: string;
}

/** How many of the regions that can look have to say so before a check is down: half of them and one, any, all, or a number. */
export type QuorumRule = "majority" | "any" | "all" | number;

/** The rule that `checks.quorum` holds; what this version does not know reads as a majority. */
export function quorumRuleOf(stored: string): QuorumRule {
  if (stored === "majority" || stored === "any" || stored === "all") return stored;
  return /^[1-9]\d?$/.test(stored) ? Number(stored) : "majority";
}

/**
 * What a check is believed to be from all its regions: down when as many as the rule asks for say
 * so, partly failing or slow when as many say that or worse, otherwise up. The outcome is the one
 * that most of the deciding votes name.
 *
 * Only regions that could look have a vote: one that is blind, silent or has not looked yet changes
 * neither side. A number above the regions that have a vote asks for all of them, so that a region
 * that goes silent never hides an outage that every other one sees.
 */
export function quorum(votes: readonly Vote[], rule: QuorumRule = "majority"): Vote {
  const known = votes.filter((vote) => vote.health !== "unknown");
  if (known.length === 0) return { health: "unknown", outcome: "unknown" };
  const needed = votesNeeded(rule, known.length);
  const down = known.filter((vote) => vote.health === "down");
  if (down.length >= needed) return { health: "down", outcome: mostCommon(down, "unknown") };
  const failing = known.filter((vote) => isFailing(vote.health));
  if (failing.length >= needed) return { health: "partial", outcome: "partial_failure" };
  const notUp = known.filter((vote) => vote.health !== "up");
  if (notUp.length >= needed) return { health: "slow", outcome: "slow" };
  return { health: "up", outcome: "up" };
}

/** How many of `known` votes (one at least) decide. */
function votesNeeded(rule: QuorumRule, known: number): number {
  if (rule === "any") return 1;
  if (rule === "all") return known;
  if (rule === "majority") return Math.floor(known / 2) + 1;
  return Math.min(Math.max(1, rule), known);
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
