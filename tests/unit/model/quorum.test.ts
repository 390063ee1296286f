import { expect, it } from "vitest";

import { healthOf, type Outcome } from "#lib/model/outcome.ts";
import { quorum, quorumRuleOf, type QuorumRule } from "#lib/model/quorum.ts";

it.each<[Outcome[], Outcome]>([
  [[], "unknown"],
  [["unknown", "unknown"], "unknown"],
  [["up"], "up"],
  [["bad_gateway"], "bad_gateway"],
  [["bad_gateway", "up"], "up"],
  [["bad_gateway", "up", "gateway_timeout"], "bad_gateway"],
  [["gateway_timeout", "bad_gateway", "bad_gateway"], "bad_gateway"],
  [["bad_gateway", "unknown", "unknown"], "bad_gateway"],
  [["slow", "up", "bad_gateway"], "slow"],
  [["slow", "up"], "up"],
  [["partial_failure", "bad_gateway", "up"], "partial_failure"],
  [["partial_failure", "up"], "up"],
  [["bad_gateway", "bad_gateway", "up", "up"], "up"],
])("%j comes to %s", (outcomes, expected) => {
  const votes = outcomes.map((outcome) => ({ outcome, health: healthOf(outcome) }));
  expect(quorum(votes)).toEqual({ outcome: expected, health: healthOf(expected) });
});

it.each<[QuorumRule, Outcome[], Outcome]>([
  ["any", ["bad_gateway", "up", "up"], "bad_gateway"],
  ["any", ["unknown", "up"], "up"],
  ["all", ["bad_gateway", "bad_gateway", "up"], "up"],
  // regions that cannot look have no vote
  ["all", ["bad_gateway", "bad_gateway", "unknown"], "bad_gateway"],
  [2, ["bad_gateway", "up", "up", "up"], "up"],
  [2, ["bad_gateway", "bad_gateway", "up", "up"], "bad_gateway"],
  // more than there are voters: all of them
  [3, ["bad_gateway", "bad_gateway", "unknown"], "bad_gateway"],
  [3, ["bad_gateway", "up", "unknown"], "up"],
  [2, ["slow", "bad_gateway", "up"], "slow"],
])("by %s %j comes to %s", (rule, outcomes, expected) => {
  const votes = outcomes.map((outcome) => ({ outcome, health: healthOf(outcome) }));
  expect(quorum(votes, rule)).toEqual({ outcome: expected, health: healthOf(expected) });
});

it.each<[string, QuorumRule]>([
  ["majority", "majority"],
  ["any", "any"],
  ["all", "all"],
  ["2", 2],
  ["0", "majority"],
  ["something newer", "majority"],
])("reads the stored rule %s as %s", (stored, rule) => {
  expect(quorumRuleOf(stored)).toBe(rule);
});
