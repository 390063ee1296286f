import type { ComponentStatus } from "#lib/model/status.ts";

import type { Indicator } from "./types.ts";

/**
 * The banner of a page whose components have these statuses: Statuspage's table of words, and
 * `unknown` where it has none. Trouble that is known comes before what is not known, and
 * nothing is called operational as long as anything is not known.
 */
export function indicatorOf(statuses: readonly ComponentStatus[]): Indicator {
  const all = (status: ComponentStatus) => statuses.every((each) => each === status);
  const some = (status: ComponentStatus) => statuses.includes(status);
  if (statuses.length === 0) return { level: "unknown", description: "No Components Yet" };
  if (all("unknown")) return { level: "unknown", description: "No current data" };
  if (all("major_outage")) return { level: "critical", description: "Major System Outage" };
  if (some("major_outage") || all("partial_outage"))
    return { level: "major", description: "Partial System Outage" };
  if (some("partial_outage")) return { level: "minor", description: "Minor Service Outage" };
  if (all("degraded_performance")) return { level: "minor", description: "Degraded System Service" };
  if (some("degraded_performance")) return { level: "minor", description: "Partially Degraded Service" };
  if (some("unknown")) return { level: "unknown", description: "No current data for some components" };
  if (some("under_maintenance")) return { level: "maintenance", description: "Service Under Maintenance" };
  return { level: "none", description: "All Systems Operational" };
}
