import { CONFIGURATION } from "./configuration.ts";
import { FIREWALL } from "./firewall.ts";
import { NETWORK } from "./network.ts";
import { OVERLOAD } from "./overload.ts";
import { PLANNED, UNKNOWN } from "./planned.ts";
import type { Scenario } from "./scenario.ts";

/** All stories that the rules were written with; docs/diagnosis.md lists them. */
export const SCENARIOS: readonly Scenario[] = [
  ...OVERLOAD,
  ...NETWORK,
  ...CONFIGURATION,
  ...FIREWALL,
  ...PLANNED,
  ...UNKNOWN,
];
