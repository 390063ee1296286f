import type { Database } from "#lib/store/client.ts";
import {
  readEpisodes,
  readEpisodeTotals,
  readErrorDays,
  type ErrorDayRow,
} from "#lib/store/public-errors.ts";
import { readSpans } from "#lib/store/public-spans.ts";

import { summariseDays } from "./days.ts";
import { toPublicEpisode, withReasons } from "./episodes.ts";
import { readStanding, shownSpans } from "./standing.ts";
import type { ErrorDay, ErrorsPage } from "./types.ts";
import { dayName, HISTORY_DAYS, lastDays } from "./window.ts";

const EPISODES_SHOWN = 100;

/** A row without its component. */
export function toErrorDay(row: ErrorDayRow): ErrorDay {
  const { day, checks, badGateway, serviceUnavailable, gatewayTimeout } = row;
  return { day, checks, badGateway, serviceUnavailable, gatewayTimeout };
}

/** Everything on `/errors`, as of `now` (epoch milliseconds). */
export async function readErrorsPage(db: Database, { now }: { readonly now: number }): Promise<ErrorsPage> {
  const window = lastDays(HISTORY_DAYS, now);
  const from = new Date(window.from);
  const standing = await readStanding(db, now);
  const ids = standing.components.map(({ row }) => row.id);
  const [errorDays, spans, episodes, totals] = await Promise.all([
    readErrorDays(db, { componentIds: ids, from, quiet: false }),
    readSpans(db, ids, from),
    readEpisodes(db, { from, limit: EPISODES_SHOWN }),
    readEpisodeTotals(db, from),
  ]);
  const { version, page, freshness, indicator, sample } = standing;
  return {
    version,
    page,
    freshness,
    indicator,
    sample,
    firstDay: dayName(window.from),
    days: HISTORY_DAYS,
    totals: {
      badGateway: errorDays.reduce((sum, day) => sum + day.badGateway, 0),
      gatewayTimeout: errorDays.reduce((sum, day) => sum + day.gatewayTimeout, 0),
      ...totals,
    },
    components: standing.components.map((component) => ({
      id: component.row.id,
      slug: component.row.slug,
      name: component.row.name,
      sample: component.row.managedBy === "sample",
      errors: errorDays.filter((day) => day.componentId === component.row.id).map(toErrorDay),
      days: summariseDays(shownSpans(component, spans.get(component.row.id) ?? []), window).days,
    })),
    // causes without their reasons: those stand on the page of the component
    episodes: episodes.map((row) => withReasons(toPublicEpisode(row), 0)),
  };
}
