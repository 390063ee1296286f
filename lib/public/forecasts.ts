import { forecast, MOST_CASES } from "#lib/forecast/forecast.ts";
import type { Forecast } from "#lib/model/forecast.ts";
import type { Database } from "#lib/store/client.ts";
import { readEpisodeHistory } from "#lib/store/forecast.ts";

import type { PublicEpisode } from "./types.ts";

/** Forecasts by the id of the open episode. */
export type Forecasts = ReadonlyMap<string, Forecast>;

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
  const histories = await readEpisodeHistory(db, open, MOST_CASES, now);
  return new Map(
    open.map(({ id, startedAt }) => {
      const history = histories.get(id) ?? { component: [], page: [] };
      return [id, forecast(history, now - Date.parse(startedAt))];
    }),
  );
}
