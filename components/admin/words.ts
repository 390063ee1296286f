import {
  COMPONENT_STATUS_LABELS,
  SETTABLE_STATUSES,
  type Impact,
  type IncidentStatus,
  type MaintenanceStatus,
} from "#lib/model/status.ts";

import type { Option } from "./fields.tsx";

export const INCIDENT_WORDS: Readonly<Record<IncidentStatus, string>> = {
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
  postmortem: "Postmortem",
};

export const MAINTENANCE_WORDS: Readonly<Record<MaintenanceStatus, string>> = {
  scheduled: "Scheduled",
  in_progress: "In progress",
  verifying: "Verifying",
  completed: "Completed",
};

export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  none: "No impact",
  minor: "Minor impact",
  major: "Major impact",
  critical: "Critical impact",
};

/** "" stands for a component that the incident says nothing of. */
export const AFFECTED_OPTIONS: readonly Option[] = [
  { value: "", label: "Not affected" },
  ...SETTABLE_STATUSES.filter((status) => status !== "operational").map((status) => ({
    value: status,
    label: COMPONENT_STATUS_LABELS[status],
  })),
];

/** For a component that is part of the incident already. */
export const STATED_OPTIONS: readonly Option[] = SETTABLE_STATUSES.map((status) => ({
  value: status,
  label: COMPONENT_STATUS_LABELS[status],
}));
