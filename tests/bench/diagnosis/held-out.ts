import type { Scenario } from "#tests/support/scenarios/scenario.ts";

import { configurations } from "./configuration.ts";
import { throwDice } from "./dice.ts";
import { networks } from "./network.ts";
import { doubles, firewalls, plans, unknowns } from "./others.ts";
import { overloads } from "./overload.ts";

/**
 * Stories that the rules were not written with: other gateways, rhythms, rates, time-outs, pages
 * and pasts, and two things at once, all by the dice.
 */
export function heldOut(seed: number): Scenario[] {
  const dice = throwDice(seed);
  return [overloads, networks, configurations, firewalls, plans, unknowns, doubles].flatMap((make) =>
    make(dice),
  );
}
