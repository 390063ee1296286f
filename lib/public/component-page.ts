import { DAY, HOUR } from "#lib/base/clock.ts";
import { uptime } from "#lib/model/uptime.ts";
import type { Database } from "#lib/store/client.ts";
import { readPublicChecks } from "#lib/store/public-catalog.ts";
import { readUpstream } from "#lib/store/public-upstream.ts";
import { readEpisodes, readOpenEpisodes } from "#lib/store/public-errors.ts";
import { readComponentIncidents } from "#lib/store/public-incidents.ts";
import { readLatencyDays, readLatencyHours } from "#lib/store/public-latency.ts";
import { readSpans } from "#lib/store/public-spans.ts";

import { toPublicComponent } from "./components.ts";
import { toPublicEpisode, withReasons } from "./episodes.ts";
import { readForecasts } from "./forecasts.ts";
import { toPublicIncident } from "./incidents.ts";
import { latencyPoints, percentiles } from "./latency.ts";
import { readComponentRegions } from "./regions.ts";
import { readStanding, shownSpans } from "./standing.ts";
import type { ComponentPage } from "./types.ts";
import { toUpstreamSaying } from "./upstream.ts";
import { dayName, HISTORY_DAYS, lastDays } from "./window.ts";

const UPTIME_DAYS = [1, 7, 30, 90] as const;
const EPISODES_SHOWN = 50;
/** Of each listed episode; the one that goes on is told with all of them. */
const REASONS_SHOWN = 3;
const HOURS = 24;

/** Everything on `/components/[slug]`, as of `now` (epoch milliseconds); null when there is no such component. */
export async function readComponentPage(
  db: Database,
  slug: string,
  { now }: { readonly now: number },
): Promise<ComponentPage | null> {
  const standing = await readStanding(db, now);
  const component = standing.components.find(({ row }) => row.slug === slug);
  if (component === undefined) return null;
  const { id, groupId, upstreamStatusUrl } = component.row;
  const window = lastDays(HISTORY_DAYS, now);
  const from = new Date(window.from);
  // the running hour is the last of the 24
  const firstHour = Math.floor(now / HOUR) * HOUR - (HOURS - 1) * HOUR;
  const [spanMap, openRows, hours, days, checks, episodes, incidents, upstream, regions] = await Promise.all([
    readSpans(db, [id], from),
    readOpenEpisodes(db, id),
    readLatencyHours(db, id, new Date(firstHour)),
    readLatencyDays(db, id, from),
    readPublicChecks(db, id),
    readEpisodes(db, { componentId: id, anyOutcome: true, from, limit: EPISODES_SHOWN }),
    readComponentIncidents(db, id, from),
    upstreamStatusUrl === null ? null : readUpstream(db, upstreamStatusUrl),
    readComponentRegions(db, component, now),
  ]);
  const openEpisodes = openRows.map(toPublicEpisode);
  const forecasts = await readForecasts(db, openEpisodes, now);
  const raw = spanMap.get(id) ?? [];
  const spans = shownSpans(component, raw);
  const { version, page, freshness, indicator } = standing;
  return {
    version,
    page,
    freshness,
    indicator,
    component: toPublicComponent(component, { spans: raw, openEpisodes, forecasts }, window),
    upstream: upstream === null ? null : toUpstreamSaying(upstream),
    group: standing.groups.find((group) => group.id === groupId)?.name ?? null,
    firstDay: dayName(window.from),
    // the longest is the bar's own window, so that both say the same number
    uptimes: UPTIME_DAYS.map((count) => ({
      days: count,
      ratio: uptime(spans, count === HISTORY_DAYS ? window.from : now - count * DAY, now).ratio,
    })),
    hours: latencyPoints(hours, firstHour, HOUR, HOURS),
    daily: latencyPoints(days, window.from, DAY, HISTORY_DAYS),
    latency24h: percentiles(hours),
    checks,
    regions,
    episodes: episodes.map((row) => withReasons(toPublicEpisode(row), REASONS_SHOWN)),
    incidents: incidents.map(toPublicIncident),
  };
}
