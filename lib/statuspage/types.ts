/**
 * The bodies of the Statuspage API v2, as existing clients read them. Timestamps are ISO 8601
 * with milliseconds. Read off public payloads.
 */
export interface PageJson {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly time_zone: string;
  readonly updated_at: string;
}

export interface StatusJson {
  readonly indicator: "none" | "minor" | "major" | "critical" | "maintenance";
  readonly description: string;
}

export type ComponentStatusJson =
  | "operational"
  | "degraded_performance"
  | "partial_outage"
  | "major_outage"
  | "under_maintenance";

export interface ComponentJson {
  readonly id: string;
  readonly name: string;
  readonly status: ComponentStatusJson;
  readonly created_at: string;
  readonly updated_at: string;
  readonly position: number;
  readonly description: string | null;
  readonly showcase: boolean;
  readonly start_date: string | null;
  readonly group_id: string | null;
  readonly page_id: string;
  readonly group: boolean;
  readonly only_show_if_degraded: boolean;
  /** Ids of a group's components; the key is absent on leaves. */
  readonly components?: readonly string[];
}

export interface UpdateJson {
  readonly id: string;
  readonly status: string;
  readonly body: string;
  readonly incident_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly display_at: string;
  readonly affected_components:
    | readonly {
        readonly code: string;
        readonly name: string;
        readonly old_status: ComponentStatusJson;
        readonly new_status: ComponentStatusJson;
      }[]
    | null;
  readonly deliver_notifications: boolean;
  readonly custom_tweet: null;
  readonly tweet_id: null;
}

export interface IncidentJson {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly monitoring_at: string | null;
  readonly resolved_at: string | null;
  readonly impact: "none" | "minor" | "major" | "critical" | "maintenance";
  readonly shortlink: string;
  readonly started_at: string;
  readonly page_id: string;
  /** Newest first. */
  readonly incident_updates: readonly UpdateJson[];
  readonly components: readonly ComponentJson[];
  readonly reminder_intervals: null;
}

export interface MaintenanceJson extends IncidentJson {
  readonly scheduled_for: string;
  readonly scheduled_until: string;
}
