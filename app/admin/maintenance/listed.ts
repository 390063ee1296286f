import type { ListedMaintenance } from "#components/admin/maintenance-list.tsx";
import type { MaintenanceRow } from "#lib/store/maintenances.ts";

/** A stored maintenance as a row of a list. */
export function listed(row: MaintenanceRow): ListedMaintenance {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    cancelled: row.completedAt !== null && row.startedAt === null,
    from: row.scheduledFor.toISOString(),
    until: row.scheduledUntil.toISOString(),
    components: row.components.map(({ component }) => component.name),
    sample: row.managedBy === "sample",
  };
}
