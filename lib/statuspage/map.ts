import type { ComponentStatus } from "#lib/model/status.ts";
import type {
  Indicator,
  ListedComponent,
  ListedGroup,
  Listing,
  PublicIncident,
  PublicMaintenance,
  PublicPageInfo,
  PublicUpdate,
} from "#lib/public/types.ts";

import type {
  ComponentJson,
  ComponentStatusJson,
  IncidentJson,
  MaintenanceJson,
  PageJson,
  StatusJson,
  UpdateJson,
} from "./types.ts";

/** What the mapping needs beside the subject itself. */
export interface Context {
  readonly listing: Pick<Listing, "page" | "groups" | "components">;
  /** Public address of the page, without a trailing slash. */
  readonly baseUrl: string;
}

/**
 * Statuspage has no word for "nobody knows". A client must not read it as operational, and an
 * outage would be a claim as well: degraded is the mildest status that makes somebody look.
 */
export function toComponentStatus(status: ComponentStatus): ComponentStatusJson {
  return status === "unknown" ? "degraded_performance" : status;
}

/** The page's own part of every body. */
export function toPage(page: PublicPageInfo, baseUrl: string): PageJson {
  return { id: page.id, name: page.name, url: baseUrl, time_zone: page.timeZone, updated_at: page.updatedAt };
}

/** The banner. What nobody knows is `minor`, for the reason above. */
export function toStatus({ level, description }: Indicator): StatusJson {
  return { indicator: level === "unknown" ? "minor" : level, description };
}

function toLeaf(component: ListedComponent, pageId: string): ComponentJson {
  return {
    id: component.id,
    name: component.name,
    status: toComponentStatus(component.status),
    created_at: component.createdAt,
    updated_at: component.updatedAt,
    position: component.position,
    description: component.description,
    showcase: component.showcase,
    start_date: component.startDate,
    group_id: component.groupId,
    page_id: pageId,
    group: false,
    only_show_if_degraded: component.onlyShowIfDegraded,
  };
}

const GROUP_SEVERITY: readonly ComponentStatusJson[] = [
  "major_outage",
  "partial_outage",
  "degraded_performance",
  "under_maintenance",
];

function toGroup(group: ListedGroup, members: readonly ComponentJson[], pageId: string): ComponentJson {
  return {
    id: group.id,
    name: group.name,
    status:
      GROUP_SEVERITY.find((status) => members.some((member) => member.status === status)) ?? "operational",
    created_at: group.createdAt,
    updated_at: members.reduce(
      (last, { updated_at }) => (updated_at > last ? updated_at : last),
      group.updatedAt,
    ),
    position: group.position,
    description: null,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: pageId,
    group: true,
    only_show_if_degraded: false,
    components: members.map((member) => member.id),
  };
}

/** Components without a group, then each group followed by its components. */
export function toComponents({ page, groups, components }: Context["listing"]): ComponentJson[] {
  const leaves = components.map((component) => toLeaf(component, page.id));
  return [
    ...leaves.filter((leaf) => leaf.group_id === null),
    ...groups.flatMap((group) => {
      const members = leaves.filter((leaf) => leaf.group_id === group.id);
      return [toGroup(group, members, page.id), ...members];
    }),
  ];
}

function toUpdate(update: PublicUpdate, incidentId: string): UpdateJson {
  return {
    id: update.id,
    status: update.status,
    body: update.body,
    incident_id: incidentId,
    created_at: update.createdAt,
    updated_at: update.updatedAt,
    display_at: update.displayAt,
    affected_components:
      update.components.length === 0
        ? null
        : update.components.map(({ id, name, oldStatus, newStatus }) => ({
            code: id,
            name,
            old_status: toComponentStatus(oldStatus),
            new_status: toComponentStatus(newStatus),
          })),
    deliver_notifications: update.deliverNotifications,
    custom_tweet: null,
    tweet_id: null,
  };
}

function affected(subject: PublicIncident | PublicMaintenance, { listing }: Context): ComponentJson[] {
  const ids = new Set(subject.components.map((component) => component.id));
  return listing.components
    .filter(({ id }) => ids.has(id))
    .map((component) => toLeaf(component, listing.page.id));
}

function toSubject(subject: PublicIncident | PublicMaintenance, context: Context) {
  return {
    id: subject.id,
    name: subject.name,
    status: subject.status,
    created_at: subject.createdAt,
    updated_at: subject.updatedAt,
    shortlink: `${context.baseUrl}/incidents/${subject.code}`,
    page_id: context.listing.page.id,
    incident_updates: subject.updates.map((update) => toUpdate(update, subject.id)),
    components: affected(subject, context),
    reminder_intervals: null,
  };
}

export function toIncident(incident: PublicIncident, context: Context): IncidentJson {
  return {
    ...toSubject(incident, context),
    monitoring_at: incident.monitoringAt,
    resolved_at: incident.resolvedAt,
    impact: incident.impact,
    started_at: incident.startedAt,
  };
}

/** A maintenance is an incident with a schedule; it starts when it is due until it really did. */
export function toMaintenance(maintenance: PublicMaintenance, context: Context): MaintenanceJson {
  return {
    ...toSubject(maintenance, context),
    monitoring_at: null,
    resolved_at: maintenance.completedAt,
    impact: "maintenance",
    started_at: maintenance.startedAt ?? maintenance.scheduledFor,
    scheduled_for: maintenance.scheduledFor,
    scheduled_until: maintenance.scheduledUntil,
  };
}
