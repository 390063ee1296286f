import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";

/** A made-up episode. Milliseconds since the beginning of its page's history. */
export interface MadeEpisode {
  readonly component: number;
  readonly startedAt: number;
  readonly lastedMs: number;
}

/** A kind of history that a page may have. */
export interface Family {
  readonly name: string;
  /** Histories to replay, each drawn anew. */
  readonly pages: number;
  readonly components: number;
  /** Episodes of each component. */
  readonly episodes: number;
  /** Mean time from one end to the next beginning on a component. */
  readonly gapMs: number;
  /** Draws the length of a component's n-th episode, in milliseconds. */
  readonly draw: (random: () => number, n: number, component: number) => number;
}

/** Everything that happened on one page, by the time it began. */
export function makeHistory(family: Family, random: () => number): MadeEpisode[] {
  const all: MadeEpisode[] = [];
  for (let component = 0; component < family.components; component += 1) {
    let at = 0;
    for (let n = 0; n < family.episodes; n += 1) {
      const lastedMs = family.draw(random, n, component);
      at += -Math.log(1 - random()) * family.gapMs;
      all.push({ component, startedAt: at, lastedMs });
      at += lastedMs;
    }
  }
  return all.toSorted((a, b) => a.startedAt - b.startedAt);
}

/** Box and Muller's standard normal deviate. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function logNormal(random: () => number, medianMs: number, spread: number): number {
  return medianMs * Math.exp(spread * normal(random));
}

function weibull(random: () => number, scaleMs: number, shape: number): number {
  return scaleMs * (-Math.log(1 - random())) ** (1 / shape);
}

/** Restarts of a minute most of the time, and now and then an outage of most of an hour. */
function restartOrOutage(random: () => number): number {
  return random() < 0.7 ? logNormal(random, MINUTE, 0.4) : logNormal(random, 40 * MINUTE, 0.8);
}

const DAY = 24 * HOUR;
const ALONE = { components: 1, gapMs: 3 * DAY } as const;
/** Twenty episodes: most of the asking happens with 8 to 20 known ones, where estimates are worst. */
const SHORT = { ...ALONE, pages: 600, episodes: 20 } as const;

export const FAMILIES: readonly Family[] = [
  { name: "log-normal", ...SHORT, draw: (r) => logNormal(r, 6 * MINUTE, 1.1) },
  {
    name: "log-normal, 120 episodes",
    ...SHORT,
    pages: 60,
    episodes: 120,
    draw: (r) => logNormal(r, 6 * MINUTE, 1.1),
  },
  { name: "Weibull, long tail", ...SHORT, draw: (r) => weibull(r, 10 * MINUTE, 0.6) },
  { name: "Weibull, wears out", ...SHORT, draw: (r) => weibull(r, 10 * MINUTE, 1.8) },
  {
    name: "restarts and outages",
    ...SHORT,
    draw: (r) => restartOrOutage(r),
  },
  {
    name: "seen every 30 s only (ties)",
    ...SHORT,
    draw: (r) => Math.round(logNormal(r, 2 * MINUTE, 0.9) / 30 / SECOND) * 30 * SECOND,
  },
  {
    name: "gets twice as long in 100",
    ...SHORT,
    pages: 80,
    episodes: 120,
    draw: (r, n) => logNormal(r, 5 * MINUTE * 2 ** (n / 100), 1),
  },
  {
    name: "gets half as long in 100",
    ...SHORT,
    pages: 80,
    episodes: 120,
    draw: (r, n) => logNormal(r, 10 * MINUTE * 2 ** (-n / 100), 1),
  },
  {
    name: "many open at once (censored)",
    pages: 120,
    components: 12,
    episodes: 6,
    gapMs: 4 * HOUR,
    draw: (r) => logNormal(r, 90 * MINUTE, 1.2),
  },
  {
    name: "unlike components",
    pages: 80,
    components: 6,
    episodes: 16,
    gapMs: 3 * DAY,
    draw: (r, _n, component) => logNormal(r, 2 * MINUTE * 1.6 ** component, 0.9),
  },
];
