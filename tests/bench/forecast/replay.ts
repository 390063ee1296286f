import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { forecast, MOST_CASES, type Likenesses } from "#lib/forecast/forecast.ts";
import { stepAt, type PastEpisode } from "#lib/model/forecast.ts";

import { makeHistory, type Family, type MadeEpisode } from "./families.ts";

/** When an episode is asked about, if it lasts that long. */
export const ASKED_AFTER = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR] as const;

/** How often a quantile was stated, and how often the episode ended below it. */
export interface Kept {
  asked: number;
  median: { stated: number; below: number };
  p90: { stated: number; below: number };
}

/** Nothing asked yet. */
export const nothing = (): Kept => ({
  asked: 0,
  median: { stated: 0, below: 0 },
  p90: { stated: 0, below: 0 },
});

/** What was known at a moment, in the shape and with the limits of lib/public/forecasts.ts. */
function knownAt(history: readonly MadeEpisode[], episode: MadeEpisode, now: number): Likenesses {
  const page = history
    .filter((each) => each !== episode && each.startedAt < now)
    .toSorted((a, b) => b.startedAt - a.startedAt);
  const component = page.filter((each) => each.component === episode.component);
  const past = (those: readonly MadeEpisode[]): PastEpisode[] =>
    those.slice(0, MOST_CASES).map(({ startedAt, lastedMs }) => {
      const ended = startedAt + lastedMs <= now;
      return { ended, lastedMs: ended ? lastedMs : now - startedAt };
    });
  return { component: past(component), page: past(page) };
}

/** Asks about every episode of a family's histories with what was known then; counts by when it was asked. */
export function replay(family: Family, random: () => number): Map<number, Kept> {
  const kept = new Map<number, Kept>(ASKED_AFTER.map((after) => [after, nothing()]));
  for (let page = 0; page < family.pages; page += 1) {
    const history = makeHistory(family, random);
    for (const episode of history) {
      for (const [after, count] of kept) {
        if (episode.lastedMs <= after) continue;
        const said = forecast(knownAt(history, episode, episode.startedAt + after), after);
        const [, median = null, p90 = null] = stepAt(said, after / SECOND) ?? [];
        count.asked += 1;
        note(count.median, median, episode.lastedMs);
        note(count.p90, p90, episode.lastedMs);
      }
    }
  }
  return kept;
}

function note(count: Kept["median"], statedS: number | null, lastedMs: number): void {
  if (statedS === null) return;
  count.stated += 1;
  if (lastedMs <= statedS * SECOND) count.below += 1;
}

/** All counts together. */
export function sum(all: readonly Kept[]): Kept {
  const total = nothing();
  for (const { asked, median, p90 } of all) {
    total.asked += asked;
    for (const [into, from] of [[total.median, median] as const, [total.p90, p90] as const]) {
      into.stated += from.stated;
      into.below += from.below;
    }
  }
  return total;
}
