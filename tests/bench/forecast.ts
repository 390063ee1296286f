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
import { MINUTE } from "#lib/base/clock.ts";
import { seededRandom } from "#lib/sample/random.ts";

import { FAMILIES } from "./forecast/families.ts";
import { ASKED_AFTER, nothing, replay, sum, type Kept } from "./forecast/replay.ts";

const MEDIAN_BAND = [0.42, 0.58] as const;
const P90_BAND = [0.85, 0.95] as const;

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
