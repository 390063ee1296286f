import type { ComponentStatus } from "#lib/model/status.ts";

/** The class that sets the colours of a status for everything inside (app/status.css). */
export const TONES: Readonly<Record<ComponentStatus, string>> = {
  operational: "t-ok",
  degraded_performance: "t-deg",
  partial_outage: "t-part",
  major_outage: "t-maj",
  under_maintenance: "t-work",
  unknown: "t-unk",
};
