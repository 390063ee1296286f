import { DAY } from "#lib/base/clock.ts";
import type { Database } from "#lib/store/client.ts";
import { readPublicHead } from "#lib/store/public-catalog.ts";
import { readOpenEpisodes } from "#lib/store/public-errors.ts";
import { readIncidentsSince, readOpenMaintenances } from "#lib/store/public-incidents.ts";
import { readSpans } from "#lib/store/public-spans.ts";

import { toPublicComponent } from "./components.ts";
import { toPublicEpisode, withReasons } from "./episodes.ts";
import { readForecasts } from "./forecasts.ts";
import { toPublicIncident, toPublicMaintenance } from "./incidents.ts";
import { readPageRegions } from "./regions.ts";
import { isOnPage, readStanding, type Standing } from "./standing.ts";
import type { PublicComponent, PublicGroup, PublicIncident, StatusPage } from "./types.ts";
import { dayName, HISTORY_DAYS, lastDays, RECENT_DAYS, startOfDay } from "./window.ts";

/** The rest stands on the component's own page. */
const REASONS_SHOWN = 3;

interface Placed {
  readonly component: PublicComponent;
  readonly groupId: string | null;
}

/** Components in their groups, groups in order, those without a group first. */
function grouped(groups: Standing["groups"], placed: readonly Placed[]): PublicGroup[] {
  const known = new Set(groups.map((group) => group.id));
  // a component whose group was archived is shown without one
  const placeOf = ({ groupId }: Placed) => (groupId !== null && known.has(groupId) ? groupId : null);
  return [{ id: null, name: null }, ...groups]
    .map(({ id, name }) => ({
      id,
      name,
      components: placed.filter((each) => placeOf(each) === id).map(({ component }) => component),
    }))
    .filter((group) => group.components.length > 0);
}

function recentDays(incidents: readonly PublicIncident[], now: number): StatusPage["recent"] {
  return Array.from({ length: RECENT_DAYS }, (_, back) => {
    const day = dayName(startOfDay(now) - back * DAY);
    return { day, incidents: incidents.filter((incident) => incident.startedAt.startsWith(day)) };
  });
}

/**
 * Everything on `/`, as of `now` (epoch milliseconds). An incident that is open stands both in
 * `openIncidents` and under the day on which it began.
 */
export async function readStatusPage(db: Database, { now }: { readonly now: number }): Promise<StatusPage> {
  const window = lastDays(HISTORY_DAYS, now);
  const head = await readPublicHead(db);
  const [standing, episodes, incidentRows, maintenanceRows] = await Promise.all([
    readStanding(db, now, head),
    readOpenEpisodes(db),
    readIncidentsSince(db, new Date(lastDays(RECENT_DAYS, now).from)),
    readOpenMaintenances(db),
  ]);
  const shown = standing.components.filter(isOnPage);
  const ids = shown.map(({ row }) => row.id);
  const openEpisodes = episodes.map((row) => withReasons(toPublicEpisode(row), REASONS_SHOWN));
  const [spans, forecasts, regions] = await Promise.all([
    readSpans(db, ids, new Date(window.from)),
    readForecasts(db, openEpisodes, now),
    readPageRegions(db, shown, now),
  ]);
  const incidents = incidentRows.map(toPublicIncident);
  const placed = shown.map((component) => ({
    component: toPublicComponent(
      component,
      { spans: spans.get(component.row.id) ?? [], openEpisodes, forecasts },
      window,
    ),
    groupId: component.row.groupId,
  }));
  const { version, page, freshness, indicator, sample } = standing;
  return {
    version,
    page,
    freshness,
    indicator,
    sample,
    firstDay: dayName(window.from),
    groups: grouped(standing.groups, placed),
    regions,
    openIncidents: incidents.filter((incident) => incident.resolvedAt === null),
    maintenances: maintenanceRows.map(toPublicMaintenance),
    recent: recentDays(incidents, now),
  };
}
