import { describe, expect, it } from "vitest";

import type { ComponentStatus } from "#lib/model/status.ts";
import { indicatorOf } from "#lib/public/indicator.ts";

const short: Record<string, ComponentStatus> = {
  o: "operational",
  d: "degraded_performance",
  p: "partial_outage",
  m: "major_outage",
  w: "under_maintenance",
  u: "unknown",
};

describe("indicatorOf", () => {
  it.each([
    ["oo", "none", "All Systems Operational"],
    ["od", "minor", "Partially Degraded Service"],
    ["dd", "minor", "Degraded System Service"],
    ["op", "minor", "Minor Service Outage"],
    ["dp", "minor", "Minor Service Outage"],
    ["pp", "major", "Partial System Outage"],
    ["om", "major", "Partial System Outage"],
    ["mm", "critical", "Major System Outage"],
    ["ow", "maintenance", "Service Under Maintenance"],
    ["wd", "minor", "Partially Degraded Service"],
    ["uu", "unknown", "No current data"],
    ["ou", "unknown", "No current data for some components"],
    ["um", "major", "Partial System Outage"],
    ["", "unknown", "No Components Yet"],
  ])("%s is %s", (letters, level, description) => {
    const statuses = Array.from(letters, (letter) => short[letter] ?? "unknown");
    expect(indicatorOf(statuses)).toEqual({ level, description });
  });
});
