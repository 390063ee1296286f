import type { IncidentRow, MaintenanceRow } from "#lib/store/public-incidents.ts";

import { renderMarkdown } from "./markdown.ts";
import type { PublicIncident, PublicMaintenance, PublicUpdate } from "./types.ts";

function isoOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

type UpdateRow = IncidentRow["updates"][number] | MaintenanceRow["updates"][number];

function toUpdate(row: UpdateRow): PublicUpdate {
  const changes = "components" in row ? row.components : [];
  return {
    id: row.id,
    status: row.status,
    body: row.body,
    html: renderMarkdown(row.body),
    displayAt: row.displayAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deliverNotifications: row.deliverNotifications,
    components: changes.map(({ component, oldStatus, newStatus }) => ({
      id: component.id,
      name: component.name,
      oldStatus,
      newStatus,
    })),
  };
}

/** A stored incident as strangers see it: who wrote it stays inside. */
export function toPublicIncident(row: IncidentRow): PublicIncident {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    status: row.status,
    impact: row.impact,
    startedAt: row.startedAt.toISOString(),
    monitoringAt: isoOrNull(row.monitoringAt),
    resolvedAt: isoOrNull(row.resolvedAt),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    sample: row.managedBy === "sample",
    components: row.components.map(({ component, status }) => ({ ...component, status })),
    updates: row.updates.map(toUpdate),
  };
}

/** A stored maintenance as strangers see it. Its components carry the status they have now. */
export function toPublicMaintenance(row: MaintenanceRow): PublicMaintenance {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    status: row.status,
    scheduledFor: row.scheduledFor.toISOString(),
    scheduledUntil: row.scheduledUntil.toISOString(),
    startedAt: isoOrNull(row.startedAt),
    completedAt: isoOrNull(row.completedAt),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    sample: row.managedBy === "sample",
    components: row.components.map(({ component }) => component),
    updates: row.updates.map(toUpdate),
  };
}
