import { COMPONENT_STATUS_LABELS, SETTABLE_STATUSES } from "#lib/model/status.ts";

import type { Option } from "./fields.tsx";

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

/** A time zone as people write it: "America/New York", and UTC without its drawer. */
export function zoneInWords(timeZone: string): string {
  return timeZone === "Etc/UTC" ? "UTC" : timeZone.replaceAll("_", " ");
}
