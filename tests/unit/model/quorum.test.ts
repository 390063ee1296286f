import { expect, it } from "vitest";

import { healthOf, type Outcome } from "#lib/model/outcome.ts";
import { quorum } from "#lib/model/quorum.ts";

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
