import { HOUR, MINUTE, DAY } from "#lib/base/clock.ts";
import { shortCode } from "#lib/base/id.ts";
import { GATEWAY_CODES, healthOf, isGatewayOutcome } from "#lib/model/outcome.ts";
import { impactOf } from "#lib/model/status.ts";
import type {
  SampleComponentData,
  SampleData,
  SampleIncidentData,
  SampleMaintenanceData,
} from "#lib/store/sample.ts";

import {
  SAMPLE_CHECK,
  SAMPLE_COMPONENTS,
  SAMPLE_GATEWAY,
  SAMPLE_GROUPS,
  SAMPLE_PAGE,
  type SampleComponent,
} from "./cast.ts";
import { seededRandom } from "./random.ts";
import { countChecks } from "./rollups.ts";
import { COMING_MAINTENANCE, INCIDENTS, MAINTENANCE_TEXTS, PAST_MAINTENANCE, type Story } from "./stories.ts";
import { historyStart, inventTroubles, onGrid, storyTime, type Trouble } from "./troubles.ts";

const SEED = 502_504;

/**
 * The sample with 90 days of history up to `now`. One list of troubles is the source of spans,
 * episodes and counts, so that they never contradict each other; the same `now` gives the same.
 * @param region the region that the history was seen from
 */
export function makeSample(region: string, now: number): SampleData {
  const until = onGrid(now);
  const random = seededRandom(SEED);
  const troubles = inventTroubles(random, until);
  const from = historyStart(until);
  return {
    page: SAMPLE_PAGE,
    region,
    gateway: SAMPLE_GATEWAY,
    groups: SAMPLE_GROUPS,
    check: SAMPLE_CHECK,
    components: SAMPLE_COMPONENTS.map((component) => {
      const own = troubles.get(component.slug) ?? [];
      return {
        ...measured(component, own, from),
        ...countChecks(random, component.latencyMs, own, from, until),
      };
    }),
    incidents: INCIDENTS.map((story) => incidentOf(story, until)),
    maintenances: [pastMaintenance(until), comingMaintenance(until)],
    until,
  };
}

type Measured = Omit<SampleComponentData, "hours" | "days">;

function measured(
  { slug, name, description, group }: SampleComponent,
  troubles: readonly Trouble[],
  from: number,
): Measured {
  let calmSince = from;
  const spans: Measured["spans"][number][] = [];
  for (const { status, startsAt, endsAt } of troubles) {
    if (startsAt > calmSince) spans.push({ status: "operational", startsAt: calmSince, endsAt: startsAt });
    spans.push({ status, startsAt, endsAt });
    calmSince = endsAt;
  }
  spans.push({ status: "operational", startsAt: calmSince, endsAt: null });
  const episodes = troubles
    .filter(({ outcome }) => healthOf(outcome) === "down")
    .map(({ outcome, kind, cause, startsAt, endsAt }) => ({
      outcome,
      httpStatus: isGatewayOutcome(outcome) ? GATEWAY_CODES[outcome] : null,
      kind,
      cause,
      startedAt: startsAt,
      endedAt: endsAt,
      checks: (endsAt - startsAt) / SAMPLE_CHECK.intervalMs,
    }));
  return { slug, name, description, group, spans, episodes };
}

// people take a few minutes to see a failure, and watch a repair before they call it done
const NOTICED_AFTER = 3 * MINUTE;
const WATCHED_FOR = 15 * MINUTE;

function incidentOf(story: Story, now: number): SampleIncidentData {
  const began = storyTime(now, story.daysAgo, story.hour);
  const ended = began + story.minutes * MINUTE;
  const startedAt = began + NOTICED_AFTER;
  const resolvedAt = ended + WATCHED_FOR;
  const said = story.outcome === "slow" ? "degraded_performance" : "major_outage";
  return {
    code: shortCode(),
    name: story.name,
    impact: impactOf([said]),
    startedAt,
    monitoringAt: ended,
    resolvedAt,
    components: story.components,
    updates: [
      {
        status: "investigating",
        body: story.updates.investigating,
        at: startedAt,
        change: { from: "operational", to: said },
      },
      {
        status: "identified",
        body: story.updates.identified,
        at: startedAt + (ended - startedAt) / 2,
        change: null,
      },
      {
        status: "monitoring",
        body: story.updates.monitoring,
        at: ended,
        change: { from: said, to: "operational" },
      },
      { status: "resolved", body: story.updates.resolved, at: resolvedAt, change: null },
    ],
  };
}

// announced a few days ahead
const NOTICE = 3 * DAY;

function pastMaintenance(now: number): SampleMaintenanceData {
  const { name, components, daysAgo, hour, minutes } = PAST_MAINTENANCE;
  const startedAt = storyTime(now, daysAgo, hour);
  const completedAt = startedAt + minutes * MINUTE;
  return {
    code: shortCode(),
    name,
    components,
    status: "completed",
    scheduledFor: startedAt,
    scheduledUntil: startedAt + HOUR,
    startedAt,
    completedAt,
    updates: [
      { status: "scheduled", body: MAINTENANCE_TEXTS.scheduled, at: startedAt - NOTICE },
      { status: "in_progress", body: MAINTENANCE_TEXTS.inProgress, at: startedAt },
      { status: "completed", body: MAINTENANCE_TEXTS.completed, at: completedAt },
    ],
  };
}

function comingMaintenance(now: number): SampleMaintenanceData {
  const { name, components, inDays, hour, minutes } = COMING_MAINTENANCE;
  const scheduledFor = storyTime(now, -inDays, hour);
  return {
    code: shortCode(),
    name,
    components,
    status: "scheduled",
    scheduledFor,
    scheduledUntil: scheduledFor + minutes * MINUTE,
    startedAt: null,
    completedAt: null,
    updates: [{ status: "scheduled", body: MAINTENANCE_TEXTS.scheduled, at: now - HOUR }],
  };
}
