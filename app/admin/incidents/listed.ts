import type { ListedIncident } from "#components/admin/incident-list.tsx";
import type { IncidentRow } from "#lib/store/incidents.ts";

/** A stored incident as a row of a list. */
export function listed(row: IncidentRow): ListedIncident {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    impact: row.impact,
    startedAt: row.startedAt.toISOString(),
    components: row.components.map(({ component }) => component.name),
    sample: row.managedBy === "sample",
  };
}
