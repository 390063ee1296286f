import { MINUTE } from "#lib/base/clock.ts";
import type { Neighbour } from "#lib/model/cause-facts.ts";
import { isFailing } from "#lib/model/outcome.ts";

import { answersWith, isOneOfSeveral } from "./cause-look.ts";
import type { CauseRule, Seen } from "./cause-rule.ts";
import { clock, count, percent } from "./cause-words.ts";

/** Other checks look at other times, and confirm before they believe. */
const TOGETHER = 5 * MINUTE;

function failsToo(neighbour: Neighbour, { facts }: Seen): boolean {
  return isFailing(neighbour.health) && Math.abs(neighbour.since - facts.startedAt) <= TOGETHER;
}

function known(neighbours: readonly Neighbour[]): readonly Neighbour[] {
  return neighbours.filter(({ health }) => health !== "unknown");
}

/** Regions that fail, and those that do not; null when fewer than two look. */
function split({ facts }: Seen): { failing: number; well: number } | null {
  const votes = facts.votes.filter(({ health }) => health !== "unknown");
  if (votes.length < 2) return null;
  const failing = votes.filter(({ health }) => isFailing(health)).length;
  return { failing, well: votes.length - failing };
}

/** A refusal, as against packets that get lost. */
function saysNo(seen: Seen): boolean {
  const { outcome } = seen.facts;
  return (
    answersWith(seen, [403, 406, 451]) ||
    outcome === "connection_refused" ||
    ((outcome === "connect_timeout" || outcome === "connection_reset") && seen.history.sharp)
  );
}

/** Where it is seen: regions, neighbours on the same host, the rest of the house, a provider. */
export const PLACE_RULES: readonly CauseRule[] = [
  {
    id: "some-regions-barred",
    family: "place",
    weights: { firewall: 2.4, configuration: -0.8, overload: -1.2, network: -0.4 },
    reason: "It works, and says no to some: rules go by where a request comes from.",
    tell: (seen) => {
      const regions = split(seen);
      return regions !== null && regions.failing > 0 && regions.well > 0 && saysNo(seen)
        ? `only ${count(regions.failing, "region")} of ${regions.failing + regions.well} ${regions.failing === 1 ? "is" : "are"} turned away`
        : null;
    },
  },
  {
    id: "some-regions-cut-off",
    family: "place",
    weights: { network: 2, configuration: -1, overload: -0.8 },
    reason: "It works from elsewhere: the way is disturbed, not the service.",
    tell: (seen) => {
      const regions = split(seen);
      return regions !== null && regions.failing > 0 && regions.well > 0 && !saysNo(seen)
        ? `only ${count(regions.failing, "region")} of ${regions.failing + regions.well} ${regions.failing === 1 ? "sees" : "see"} it`
        : null;
    },
  },
  {
    id: "all-regions-see-it",
    family: "place",
    weights: { network: -0.8, firewall: -0.2, overload: 0.3, configuration: 0.3 },
    reason: "Different ways do not break at one time.",
    tell: (seen) => {
      const regions = split(seen);
      return regions !== null && regions.well === 0 ? `all ${regions.failing} regions see it` : null;
    },
  },
  {
    id: "host-answers-elsewhere",
    family: "place",
    weights: { firewall: 2, network: -1.6, configuration: 0.4 },
    reason: "The machine and the way to it work: of one port alone somebody keeps the packets.",
    tell: (seen) => {
      const { outcome } = seen.facts;
      const silent = outcome === "connect_timeout" && seen.history.climb === null;
      const well = known(seen.facts.neighbours).filter((each) => each.sameHost && !isFailing(each.health));
      return silent && well.length > 0 && seen.history.share === null
        ? "the same server answers on another port meanwhile"
        : null;
    },
  },
  {
    id: "host-says-no-everywhere",
    family: "place",
    weights: { firewall: 2, configuration: -0.6 },
    reason:
      "Different programs on one machine do not stop listening at once; a filter in front of them does.",
    tell: (seen) => {
      const others = known(seen.facts.neighbours).filter((each) => each.sameHost);
      const refused = others.filter((each) => failsToo(each, seen) && each.outcome === seen.facts.outcome);
      return seen.facts.outcome === "connection_refused" &&
        refused.length > 0 &&
        refused.length === others.length
        ? "everything else on the same server is refused since the same moment"
        : null;
    },
  },
  {
    id: "host-is-silent-everywhere",
    family: "place",
    weights: { network: 1.4, firewall: 0.6, configuration: -1.2 },
    reason: "Nothing on the machine can be reached: it is off, or the way to it is.",
    tell: (seen) => {
      const others = known(seen.facts.neighbours).filter((each) => each.sameHost);
      const silent = ["connect_timeout", "response_timeout", "connection_reset"];
      return silent.includes(seen.facts.outcome) &&
        others.length > 0 &&
        others.every((each) => failsToo(each, seen) && silent.includes(each.outcome))
        ? "nothing else on the same server can be reached either"
        : null;
    },
  },
  {
    id: "much-fails-together",
    family: "place",
    weights: { network: 2.4, configuration: -1.2, firewall: -1.2, overload: -0.4 },
    reason: "Several things that share nothing but the way to them fail at the same moment.",
    tell: (seen) => {
      const others = known(seen.facts.neighbours).filter((each) => !each.sameHost && !each.sameComponent);
      const failing = others.filter((each) => failsToo(each, seen));
      return failing.length >= 2 && failing.length * 2 >= others.length
        ? `${count(failing.length, "other thing")} on other servers failed at the same time`
        : null;
    },
  },
  {
    id: "some-members-fail",
    family: "place",
    weights: { configuration: 0.8, network: -0.8, firewall: -0.4 },
    reason: "The same way leads to all of them: what differs is the member itself.",
    tell: ({ facts: { pool } }) =>
      pool !== null && pool.failing > 0 && pool.failing < pool.members
        ? `${pool.failing} of ${count(pool.members, "server")} of the pool fails, the others do not`
        : null,
  },
  {
    id: "one-of-several",
    family: "place",
    weights: { configuration: 2.6, network: -0.4, firewall: -0.4 },
    reason:
      "A gateway that takes its servers in turn and does not leave out the one that fails: a steady part of the requests gets the same 502 at once.",
    tell: (seen) =>
      isOneOfSeveral(seen) && seen.facts.pool === null
        ? `about ${percent(seen.history.strewn ?? 0)} of the requests fail at once and in the same way while the others are fine, as if one of several servers behind the gateway were broken`
        : null,
  },
  {
    id: "all-members-fail",
    family: "place",
    weights: { overload: 0.6, network: 0.6, configuration: -0.2 },
    reason: "What all members share fails: the load, a database behind them, the way to them.",
    tell: ({ facts: { pool } }) =>
      pool !== null && pool.members > 1 && pool.failing === pool.members
        ? `all ${pool.members} servers of the pool fail`
        : null,
  },
  {
    id: "members-are-well",
    family: "place",
    weights: { configuration: 1.2, network: 0.4, overload: -0.6 },
    reason: "Every member answers by itself: the gateway, or its way to them, is at fault.",
    tell: ({ facts: { pool } }) =>
      pool !== null && pool.failing === 0
        ? `all ${count(pool.members, "server")} behind the gateway answer by themselves`
        : null,
  },
  {
    id: "provider-has-maintenance",
    family: "provider",
    weights: { planned: 2.6 },
    reason: "The provider's own status page announces work (Statuspage API v2, status.indicator).",
    tell: ({ facts: { provider } }) => (provider?.indicator === "maintenance" ? sayOf(provider) : null),
  },
  {
    id: "provider-in-trouble",
    family: "provider",
    weights: { unknown: 2.4, configuration: -1, firewall: -1, planned: -0.6 },
    reason: "It explains the failure without any cause on our side; what ails the provider it has to say.",
    tell: ({ facts: { provider } }) =>
      provider !== null && ["minor", "major", "critical"].includes(provider.indicator)
        ? sayOf(provider)
        : null,
  },
];

function sayOf(provider: { name: string; description: string; since: number | null }): string {
  const since = provider.since === null ? "" : `, since ${clock(provider.since)}`;
  return `the provider ${provider.name} says of itself: ${provider.description}${since}`;
}
