import { describe, expect, it } from "vitest";

import type { Listing, PublicIncident, PublicMaintenance } from "#lib/public/types.ts";
import { toComponents, toIncident, toMaintenance, toPage, toStatus } from "#lib/statuspage/map.ts";

const CREATED = "2026-01-01T00:00:00.000Z";
const CHANGED = "2026-03-10T12:00:00.000Z";

const listing: Listing = {
  version: "7",
  page: { id: "page-1", name: "Acme", url: null, timeZone: "Etc/UTC", supportUrl: null, updatedAt: CHANGED },
  indicator: { level: "unknown", description: "No current data" },
  groups: [{ id: "group-1", name: "Core", position: 1, createdAt: CREATED, updatedAt: CREATED }],
  components: [
    {
      id: "api",
      name: "API",
      description: "The front door",
      status: "partial_outage",
      groupId: "group-1",
      position: 1,
      showcase: true,
      startDate: "2026-01-01",
      onlyShowIfDegraded: false,
      createdAt: CREATED,
      updatedAt: CHANGED,
    },
    {
      id: "web",
      name: "Website",
      description: null,
      status: "unknown",
      groupId: null,
      position: 2,
      showcase: false,
      startDate: null,
      onlyShowIfDegraded: true,
      createdAt: CREATED,
      updatedAt: CREATED,
    },
  ],
};
const context = { listing, baseUrl: "https://status.example" };

const apiJson = {
  id: "api",
  name: "API",
  status: "partial_outage",
  created_at: CREATED,
  updated_at: CHANGED,
  position: 1,
  description: "The front door",
  showcase: true,
  start_date: "2026-01-01",
  group_id: "group-1",
  page_id: "page-1",
  group: false,
  only_show_if_degraded: false,
};

describe("the Statuspage shapes", () => {
  it("page and status", () => {
    expect(toPage(listing.page, context.baseUrl)).toEqual({
      id: "page-1",
      name: "Acme",
      url: "https://status.example",
      time_zone: "Etc/UTC",
      updated_at: CHANGED,
    });
    expect(toStatus({ level: "critical", description: "Major System Outage" })).toEqual({
      indicator: "critical",
      description: "Major System Outage",
    });
  });

  it("what nobody knows is never operational", () => {
    expect(toStatus(listing.indicator)).toEqual({ indicator: "minor", description: "No current data" });
    expect(toComponents(listing)[0]?.status).toBe("degraded_performance");
  });

  it("components without a group, then groups as components, then their members", () => {
    expect(JSON.parse(JSON.stringify(toComponents(listing)))).toEqual([
      {
        id: "web",
        name: "Website",
        status: "degraded_performance",
        created_at: CREATED,
        updated_at: CREATED,
        position: 2,
        description: null,
        showcase: false,
        start_date: null,
        group_id: null,
        page_id: "page-1",
        group: false,
        only_show_if_degraded: true,
      },
      {
        id: "group-1",
        name: "Core",
        status: "partial_outage",
        created_at: CREATED,
        updated_at: CHANGED,
        position: 1,
        description: null,
        showcase: false,
        start_date: null,
        group_id: null,
        page_id: "page-1",
        group: true,
        only_show_if_degraded: false,
        components: ["api"],
      },
      apiJson,
    ]);
    expect(toComponents(listing).map((each) => "components" in each)).toEqual([false, true, false]);
  });

  const update = {
    id: "update-1",
    status: "investigating",
    body: "We look.",
    html: "<p>We look.</p>",
    displayAt: CHANGED,
    createdAt: CHANGED,
    updatedAt: CHANGED,
    deliverNotifications: true,
    components: [{ id: "api", name: "API", oldStatus: "operational", newStatus: "partial_outage" }],
  } as const;
  const updateJson = {
    id: "update-1",
    status: "investigating",
    body: "We look.",
    incident_id: "incident-1",
    created_at: CHANGED,
    updated_at: CHANGED,
    display_at: CHANGED,
    affected_components: [
      { code: "api", name: "API", old_status: "operational", new_status: "partial_outage" },
    ],
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  };

  it("an incident", () => {
    const incident: PublicIncident = {
      id: "incident-1",
      code: "k3f9",
      name: "API answers 502",
      status: "investigating",
      impact: "major",
      startedAt: CHANGED,
      monitoringAt: null,
      resolvedAt: null,
      createdAt: CHANGED,
      updatedAt: CHANGED,
      sample: false,
      components: [{ id: "api", slug: "api", name: "API", status: "partial_outage" }],
      updates: [update],
    };
    expect(JSON.parse(JSON.stringify(toIncident(incident, context)))).toEqual({
      id: "incident-1",
      name: "API answers 502",
      status: "investigating",
      created_at: CHANGED,
      updated_at: CHANGED,
      monitoring_at: null,
      resolved_at: null,
      impact: "major",
      shortlink: "https://status.example/incidents/k3f9",
      started_at: CHANGED,
      page_id: "page-1",
      incident_updates: [updateJson],
      components: [apiJson],
      reminder_intervals: null,
    });
  });

  it("a maintenance", () => {
    const maintenance: PublicMaintenance = {
      id: "maintenance-1",
      code: "m1",
      name: "Database upgrade",
      status: "scheduled",
      scheduledFor: "2026-03-11T01:00:00.000Z",
      scheduledUntil: "2026-03-11T02:00:00.000Z",
      startedAt: null,
      completedAt: null,
      createdAt: CREATED,
      updatedAt: CHANGED,
      sample: false,
      components: [],
      updates: [{ ...update, status: "scheduled", components: [] }],
    };
    expect(JSON.parse(JSON.stringify(toMaintenance(maintenance, context)))).toEqual({
      id: "maintenance-1",
      name: "Database upgrade",
      status: "scheduled",
      created_at: CREATED,
      updated_at: CHANGED,
      monitoring_at: null,
      resolved_at: null,
      impact: "maintenance",
      shortlink: "https://status.example/incidents/m1",
      started_at: "2026-03-11T01:00:00.000Z",
      page_id: "page-1",
      incident_updates: [
        { ...updateJson, incident_id: "maintenance-1", status: "scheduled", affected_components: null },
      ],
      components: [],
      reminder_intervals: null,
      scheduled_for: "2026-03-11T01:00:00.000Z",
      scheduled_until: "2026-03-11T02:00:00.000Z",
    });
  });
});
