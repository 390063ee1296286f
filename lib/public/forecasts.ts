import { casesOf, type Stretch } from "#lib/forecast/cases.ts";
import { forecast, MOST_CASES } from "#lib/forecast/forecast.ts";
import type { Forecast, PastEpisode } from "#lib/model/forecast.ts";
import type { Database } from "#lib/store/client.ts";
import { readEpisodeHistory, type EpisodeTimes } from "#lib/store/forecast.ts";

import type { PublicEpisode } from "./types.ts";

/** Forecasts by the id of the open episode. */
export type Forecasts = ReadonlyMap<string, Forecast>;

/** A case is several episodes when a component has several checks. */
const EPISODES_READ = 3 * MOST_CASES;

/**
 * How long open episodes will last, as of `now` (epoch milliseconds), from those before them.
 * Those that have ended are left out.
 */
export async function readForecasts(
  db: Database,
  episodes: readonly PublicEpisode[],
  now: number,
): Promise<Forecasts> {
  const open = episodes.filter(({ endedAt }) => endedAt === null);
  const histories = await readEpisodeHistory(db, open, EPISODES_READ);
  return new Map(
    open.map(({ id, componentId, startedAt }) => {
      const asked: Stretch = { componentId, startedAt: Date.parse(startedAt), endedAt: null };
      const cases = (times: readonly EpisodeTimes[] = []): PastEpisode[] =>
        casesOf(times.map(toStretch), asked, now).slice(0, MOST_CASES);
      const history = histories.get(id);
      const past = { component: cases(history?.component), page: cases(history?.page) };
      return [id, forecast(past, now - asked.startedAt)];
    }),
  );
}

function toStretch({ componentId, startedAt, endedAt }: EpisodeTimes): Stretch {
  return { componentId, startedAt: startedAt.getTime(), endedAt: endedAt?.getTime() ?? null };
}
