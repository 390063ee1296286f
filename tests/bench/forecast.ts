/**
 * Whether the forecast keeps its word. Histories of several families are made up and replayed: each
 * episode is asked about after 30 s, 2 min, 10 min and 1 h, if it lasts that long, with nothing but what
 * was known at that moment; then its true end is compared with what was said.
 *
 *     npm run bench:forecast            about 5 s
 *     npm run bench:forecast -- 7       another seed
 *
 * Ends with 1 when, in any family or in all together, less than 85 or more than 95 of 100 ends lie
 * below the stated 90th percentile, or less than 42 or more than 58 below the median.
 */
import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { forecast, MOST_CASES, type Likenesses } from "#lib/forecast/forecast.ts";
import { stepAt, type PastEpisode } from "#lib/model/forecast.ts";
import { seededRandom } from "#lib/sample/random.ts";

import { FAMILIES, makeHistory, type Family, type MadeEpisode } from "./forecast/families.ts";

const ASKED_AFTER = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR] as const;
const MEDIAN_BAND = [0.42, 0.58] as const;
const P90_BAND = [0.85, 0.95] as const;

/** How often a quantile was stated, and how often the episode ended below it. */
interface Kept {
  asked: number;
  median: { stated: number; below: number };
  p90: { stated: number; below: number };
}

const nothing = (): Kept => ({
  asked: 0,
  median: { stated: 0, below: 0 },
  p90: { stated: 0, below: 0 },
});

/** What was known at a moment, in the shape and with the limits of lib/store/forecast.ts. */
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

function replay(family: Family, random: () => number): Map<number, Kept> {
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

function sum(all: readonly Kept[]): Kept {
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

const share = ({ stated, below }: Kept["median"]): number => below / stated;
const within = (value: number, [low, high]: readonly [number, number]): boolean =>
  value >= low && value <= high;
const percent = (value: number): string => (Number.isNaN(value) ? "–" : (value * 100).toFixed(1)).padStart(6);

/** @returns whether the word was kept */
function report(name: string, kept: Kept, held = true): boolean {
  const good = within(share(kept.median), MEDIAN_BAND) && within(share(kept.p90), P90_BAND);
  const columns = [
    name.padEnd(32),
    String(kept.asked).padStart(7),
    percent(kept.median.stated / kept.asked),
    percent(share(kept.median)),
    percent(kept.p90.stated / kept.asked),
    percent(share(kept.p90)),
    held && !good ? "  OUT OF BOUNDS" : "",
  ];
  console.log(columns.join(" "));
  return good;
}

function main(seed: number): number {
  const random = seededRandom(seed);
  console.log(
    `seed ${seed}; of 100 asked: a median stated, ended below it; a 90th percentile stated, ended below it`,
  );
  console.log(`${"".padEnd(32)}   asked stated  below stated  below`);
  const byFamily = FAMILIES.map((family) => [family.name, replay(family, random)] as const);
  const good = byFamily.map(([name, kept]) => report(name, sum([...kept.values()])));
  for (const after of ASKED_AFTER) {
    const those = byFamily.map(([, kept]) => kept.get(after) ?? nothing());
    report(`all, after ${after / MINUTE} min`, sum(those), false);
  }
  good.push(report("all", sum(byFamily.flatMap(([, kept]) => [...kept.values()]))));
  return good.every(Boolean) ? 0 : 1;
}

process.exitCode = main(Number(process.argv[2] ?? 1));
