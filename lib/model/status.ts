import { isFailing, type Health } from "./outcome.ts";

/** Component statuses, best to worst; the names are Statuspage's, and `unknown` is ours. */
export const COMPONENT_STATUSES = [
  "operational",
  "degraded_performance",
  "partial_outage",
  "major_outage",
  "under_maintenance",
  "unknown",
] as const;
export type ComponentStatus = (typeof COMPONENT_STATUSES)[number];

/** What a person can set in an incident. */
export const SETTABLE_STATUSES = [
  "operational",
  "degraded_performance",
  "partial_outage",
  "major_outage",
] as const;
export type SettableStatus = (typeof SETTABLE_STATUSES)[number];

/** What a component would be if this were all that is known of it: for its colour and shape. */
export const HEALTH_STATUS: Readonly<Record<Health, ComponentStatus>> = {
  up: "operational",
  slow: "degraded_performance",
  partial: "partial_outage",
  down: "major_outage",
  unknown: "unknown",
};

export const COMPONENT_STATUS_LABELS: Readonly<Record<ComponentStatus, string>> = {
  operational: "Operational",
  degraded_performance: "Degraded performance",
  partial_outage: "Partial outage",
  major_outage: "Major outage",
  under_maintenance: "Under maintenance",
  unknown: "No data",
};

export const INCIDENT_STATUSES = [
  "investigating",
  "identified",
  "monitoring",
  "resolved",
  "postmortem",
] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export const IMPACTS = ["none", "minor", "major", "critical"] as const;
export type Impact = (typeof IMPACTS)[number];

export const MAINTENANCE_STATUSES = ["scheduled", "in_progress", "verifying", "completed"] as const;
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number];

export const MANAGERS = ["admin", "yaml", "sample"] as const;
export type ManagedBy = (typeof MANAGERS)[number];

export const ROLES = ["owner", "admin", "editor", "viewer"] as const;
export type Role = (typeof ROLES)[number];

const SEVERITY: Readonly<Record<ComponentStatus, number>> = {
  operational: 0,
  unknown: 0.5,
  degraded_performance: 1,
  partial_outage: 2,
  major_outage: 3,
  under_maintenance: -1,
};

/** The worst of several statuses; maintenance and operational lose to any trouble. Empty: unknown. */
export function worstStatus(statuses: readonly ComponentStatus[]): ComponentStatus {
  let worst: ComponentStatus | undefined;
  for (const status of statuses) {
    if (worst === undefined || SEVERITY[status] > SEVERITY[worst]) worst = status;
  }
  return worst ?? "unknown";
}

/**
 * A component's status from the health of its checks: all down is a major outage, some down or any
 * partly failing a partial one, any slow a degradation. Checks that nobody could look at have no say unless
 * there are no others.
 * @param healths of the checks that are switched on; null when the component has no checks at
 *   all: people alone speak for it then, and until they do it is operational
 */
export function statusFromHealths(healths: readonly Health[] | null): ComponentStatus {
  if (healths === null) return "operational";
  const seen = healths.filter((health) => health !== "unknown");
  if (seen.length === 0) return "unknown";
  if (seen.every((health) => health === "down")) return "major_outage";
  if (seen.some((health) => isFailing(health))) return "partial_outage";
  return seen.includes("slow") ? "degraded_performance" : "operational";
}

/**
 * What strangers see: maintenance covers everything, otherwise the worse of what the checks
 * say and what open incidents say of the component.
 */
export function effectiveStatus(input: {
  readonly measured: ComponentStatus;
  readonly incidents: readonly ComponentStatus[];
  readonly inMaintenance: boolean;
}): ComponentStatus {
  if (input.inMaintenance) return "under_maintenance";
  if (input.incidents.length === 0) return input.measured;
  // a person's word that something is broken counts; "operational" never hides a failing check
  const said = worstStatus(input.incidents);
  if (input.measured === "unknown") return said;
  return worstStatus([input.measured, said]);
}

/** An incident's impact from the worst status it gives to a component. */
export function impactOf(statuses: readonly ComponentStatus[]): Impact {
  switch (worstStatus(statuses)) {
    case "major_outage":
      return "critical";
    case "partial_outage":
      return "major";
    case "degraded_performance":
      return "minor";
    default:
      return "none";
  }
}
