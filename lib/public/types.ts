/**
 * What strangers may see. Every consumer (page, JSON, later feeds, badges, export) renders from
 * these shapes, and nothing else of the database leaves the house. Times are ISO 8601 UTC.
 */
import type { Forecast } from "#lib/model/forecast.ts";
import type { Health, Outcome } from "#lib/model/outcome.ts";
import type { ComponentStatus, Impact, IncidentStatus, MaintenanceStatus } from "#lib/model/status.ts";
import type { Cause, FaultKind } from "#lib/model/verdict.ts";

export interface PublicPageInfo {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly timeZone: string;
  readonly supportUrl: string | null;
  readonly updatedAt: string;
}

/** The banner. `level` is Statuspage's indicator, and `unknown` when nobody is looking. */
export const INDICATOR_LEVELS = ["none", "minor", "major", "critical", "maintenance", "unknown"] as const;
export type IndicatorLevel = (typeof INDICATOR_LEVELS)[number];
export interface Indicator {
  readonly level: IndicatorLevel;
  readonly description: string;
}

/**
 * One letter a day, oldest first: o operational, d degraded, p partial outage, m major outage,
 * w maintenance (work), - no data. The letter is the worst of the day.
 */
export type DayLetters = string;
export const DAY_LETTERS: Readonly<Record<ComponentStatus, string>> = {
  operational: "o",
  degraded_performance: "d",
  partial_outage: "p",
  major_outage: "m",
  under_maintenance: "w",
  unknown: "-",
};

/** A day that was not simply fine: its index in the letters and the minutes it was affected. */
export interface DayTrouble {
  readonly day: number;
  readonly minutes: number;
}

/** The failure that a component is in right now. */
export interface CurrentFault {
  readonly outcome: Outcome;
  readonly code: number | null;
  readonly gateway: string | null;
  readonly kind: FaultKind | null;
  /** As in PublicEpisode. */
  readonly answeredBy: "edge" | "origin" | null;
  readonly since: string;
  /** One plain sentence. */
  readonly summary: string;
  readonly cause: Cause | null;
  /** True when more than a tenth of the looks since then were fine. */
  readonly someGetThrough: boolean;
  /** How long it usually lasts; null where nobody has looked that up. */
  readonly forecast: Forecast | null;
}

export interface PublicComponent {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: ComponentStatus;
  readonly statusSince: string;
  /** Part of the sample, to be marked as such wherever it shows. */
  readonly sample: boolean;
  /** Over the days of the bar, 0 to 1; null when nothing is known. */
  readonly uptime: number | null;
  readonly days: DayLetters;
  readonly trouble: readonly DayTrouble[];
  readonly fault: CurrentFault | null;
}

export interface PublicGroup {
  /** Null for components without a group. */
  readonly id: string | null;
  readonly name: string | null;
  readonly components: readonly PublicComponent[];
}

export interface PublicUpdate {
  readonly id: string;
  readonly status: IncidentStatus | MaintenanceStatus;
  /** Markdown as written. */
  readonly body: string;
  /** The same as sanitised HTML. */
  readonly html: string;
  readonly displayAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deliverNotifications: boolean;
  readonly components: readonly {
    readonly id: string;
    readonly name: string;
    readonly oldStatus: ComponentStatus;
    readonly newStatus: ComponentStatus;
  }[];
}

export interface AffectedComponent {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: ComponentStatus;
}

export interface PublicIncident {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly status: IncidentStatus;
  readonly impact: Impact;
  readonly startedAt: string;
  readonly monitoringAt: string | null;
  readonly resolvedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly sample: boolean;
  readonly components: readonly AffectedComponent[];
  /** Newest first. */
  readonly updates: readonly PublicUpdate[];
}

export interface PublicMaintenance {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly status: MaintenanceStatus;
  readonly scheduledFor: string;
  readonly scheduledUntil: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly sample: boolean;
  readonly components: readonly AffectedComponent[];
  readonly updates: readonly PublicUpdate[];
}

/** Whether what is shown can be believed to be of now. */
export interface Freshness {
  /** Last result of any check, rounded down to the minute so that a poll can answer 304; null: none yet. */
  readonly checkedAt: string | null;
  /** True when results should have come and did not: no status is claimed then. */
  readonly stale: boolean;
}

/** A region that gives no data: its own network is gone (`blind`), or nobody hears from it. */
export interface SilentRegion {
  readonly region: string;
  readonly since: string;
  readonly blind: boolean;
}

/** A failure that too few regions see for the component's status to follow. */
export interface MinorityFault {
  readonly componentId: string;
  readonly component: string;
  readonly slug: string;
  /** Who sees it, by name. */
  readonly regions: readonly string[];
  /** How many regions can look. */
  readonly of: number;
  readonly outcome: Outcome;
  readonly since: string;
}

/** What one region believes of a component: the worst of its checks. */
export interface RegionLine {
  readonly region: string;
  readonly health: Health;
  readonly outcome: Outcome;
  readonly since: string;
}

export interface PageRegions {
  readonly silent: readonly SilentRegion[];
  readonly minorities: readonly MinorityFault[];
}

export interface ComponentRegions {
  /** By region name. */
  readonly lines: readonly RegionLine[];
  readonly silent: readonly SilentRegion[];
  readonly minority: MinorityFault | null;
}

/** `/` and `GET /api/page`. */
export interface StatusPage {
  readonly version: string;
  readonly page: PublicPageInfo;
  readonly freshness: Freshness;
  readonly indicator: Indicator;
  /** True when the sample is set up. */
  readonly sample: boolean;
  /** First UTC day of every bar, YYYY-MM-DD. */
  readonly firstDay: string;
  readonly groups: readonly PublicGroup[];
  readonly regions: PageRegions;
  /** Not yet resolved, newest first. */
  readonly openIncidents: readonly PublicIncident[];
  /** In progress first, then upcoming by time. */
  readonly maintenances: readonly PublicMaintenance[];
  /** The last 14 UTC days, newest first, also those without incidents. */
  readonly recent: readonly { readonly day: string; readonly incidents: readonly PublicIncident[] }[];
}

/** `GET /api/live`: what the page polls; everything that can change by the second, in under 2 KB. */
export interface LiveState {
  readonly version: string;
  readonly freshness: Freshness;
  readonly indicator: Indicator;
  /** [component id, status, ISO time since] */
  readonly components: readonly (readonly [string, ComponentStatus, string])[];
}

export interface PublicEpisode {
  readonly id: string;
  readonly componentId: string;
  readonly component: string;
  readonly outcome: Outcome;
  /** HTTP status when there was one. */
  readonly code: number | null;
  readonly kind: FaultKind | null;
  readonly gateway: string | null;
  /** Who wrote the answer: the outermost hop, or one behind it, passed on; null: not known. */
  readonly answeredBy: "edge" | "origin" | null;
  readonly cause: Cause | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly checks: number;
  readonly failures: number;
  readonly regions: readonly string[];
}

/**
 * What a provider that a component depends on says of itself, on its own status page. `indicator`
 * is Statuspage's: none, minor, major, critical, maintenance.
 */
export interface UpstreamSaying {
  readonly name: string;
  /** Where it says so: scheme and host. */
  readonly url: string;
  readonly indicator: string;
  readonly description: string;
  readonly since: string | null;
  readonly checkedAt: string;
}

/** One UTC day of one component: how many checks answered with each gateway code. */
export interface ErrorDay {
  readonly day: string;
  readonly checks: number;
  readonly badGateway: number;
  readonly serviceUnavailable: number;
  readonly gatewayTimeout: number;
}

/** `/errors` */
export interface ErrorsPage {
  readonly version: string;
  readonly page: PublicPageInfo;
  readonly freshness: Freshness;
  readonly indicator: Indicator;
  readonly sample: boolean;
  readonly firstDay: string;
  readonly days: number;
  readonly totals: {
    readonly badGateway: number;
    readonly gatewayTimeout: number;
    readonly episodes: number;
    /** Of ended 502/504 episodes in the window, milliseconds; null when there are none. */
    readonly medianDurationMs: number | null;
  };
  readonly components: readonly {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly sample: boolean;
    /** Only days on which a 502, 503 or 504 was seen. */
    readonly errors: readonly ErrorDay[];
    /** Letters as in PublicComponent, to tell "no errors" from "no data". */
    readonly days: DayLetters;
  }[];
  /** Newest first, 502 and 504 (and 503) only, at most 100. */
  readonly episodes: readonly PublicEpisode[];
}

export interface LatencyPoint {
  readonly at: string;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly checks: number;
  readonly failures: number;
}

/** `/components/[slug]` */
export interface ComponentPage {
  readonly version: string;
  readonly page: PublicPageInfo;
  readonly freshness: Freshness;
  readonly indicator: Indicator;
  readonly component: PublicComponent;
  /** Null when it names no provider, or that one has never answered. */
  readonly upstream: UpstreamSaying | null;
  readonly group: string | null;
  readonly firstDay: string;
  readonly uptimes: readonly { readonly days: number; readonly ratio: number | null }[];
  /** Hourly over the last 24 hours, oldest first, gaps included with nulls. */
  readonly hours: readonly LatencyPoint[];
  /** Daily over the last 90 days, oldest first. */
  readonly daily: readonly LatencyPoint[];
  readonly latency24h: { readonly p50: number | null; readonly p95: number | null };
  readonly checks: readonly {
    readonly name: string;
    readonly kind: string;
    readonly intervalMs: number;
    /** What it does not see because of how it is set. */
    readonly note?: string;
  }[];
  readonly regions: ComponentRegions;
  readonly episodes: readonly PublicEpisode[];
  readonly incidents: readonly PublicIncident[];
}

/** `/incidents/[code]`: an incident or a maintenance. */
export interface IncidentPage {
  readonly version: string;
  readonly page: PublicPageInfo;
  readonly subject:
    | { readonly type: "incident"; readonly incident: PublicIncident }
    | { readonly type: "maintenance"; readonly maintenance: PublicMaintenance };
}

/** A component with everything that is said of it in the API, whether or not the page shows it. */
export interface ListedComponent {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: ComponentStatus;
  readonly groupId: string | null;
  readonly position: number;
  readonly showcase: boolean;
  /** YYYY-MM-DD */
  readonly startDate: string | null;
  readonly onlyShowIfDegraded: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ListedGroup {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The catalogue as it stands, for other formats to be made of. */
export interface Listing {
  readonly version: string;
  readonly page: PublicPageInfo;
  readonly indicator: Indicator;
  /** In order; without archived and empty ones. */
  readonly groups: readonly ListedGroup[];
  /** In order; a `groupId` is one of the groups above. */
  readonly components: readonly ListedComponent[];
}
