import { DAY, HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Cause, FaultKind } from "#lib/model/verdict.ts";

import { SAMPLE_COMPONENTS, SAMPLE_CHECK, type SampleComponent } from "./cast.ts";
import { usualCause } from "./causes.ts";
import { pick, type Random } from "./random.ts";
import { INCIDENTS, PAST_MAINTENANCE } from "./stories.ts";

/** A stretch in which a component was not simply well. Epoch milliseconds, on the checks' grid. */
export interface Trouble {
  readonly startsAt: number;
  readonly endsAt: number;
  /** What every check in it came to; maintenance has checks that are up. */
  readonly outcome: Outcome;
  readonly kind: FaultKind | null;
  readonly cause: Cause | null;
  readonly status: "major_outage" | "degraded_performance" | "under_maintenance";
}

/** Days of history, today included. */
export const HISTORY_DAYS = 90;

/** The beginning of the history: a UTC midnight. */
export function historyStart(now: number): number {
  return Math.floor(now / DAY) * DAY - (HISTORY_DAYS - 1) * DAY;
}

/** The last moment on the checks' grid that is not in the future. */
export function onGrid(moment: number): number {
  return Math.floor(moment / SAMPLE_CHECK.intervalMs) * SAMPLE_CHECK.intervalMs;
}

// one small failure of a component every two weeks or so, beside the incidents
const CHANCE_PER_DAY = 0.075;
// and of one with a habit every five days: enough cases to say how long the next one takes
const HABIT_PER_DAY = 0.2;
// the last hours are calm: what happens then is for the running servers to show
const CALM = 3 * HOUR;
// keeps two stretches of one component apart
const DISTANCE = 2 * HOUR;

/** Everything that went wrong in the history, by component slug, oldest first, nothing overlapping. */
export function inventTroubles(random: Random, now: number): Map<string, Trouble[]> {
  const start = historyStart(now);
  return new Map(
    SAMPLE_COMPONENTS.map(({ slug, habit }) => {
      const troubles = told(slug, now);
      for (let day = start; day < now; day += DAY) {
        if (random() >= (habit === undefined ? CHANCE_PER_DAY : HABIT_PER_DAY)) continue;
        const trouble = small(random, day, habit);
        const apart = troubles.every(
          ({ startsAt, endsAt }) =>
            trouble.endsAt + DISTANCE < startsAt || endsAt + DISTANCE < trouble.startsAt,
        );
        if (apart && trouble.endsAt < now - CALM) troubles.push(trouble);
      }
      return [slug, troubles.toSorted((a, b) => a.startsAt - b.startsAt)];
    }),
  );
}

/** The stretches that incidents and the past maintenance tell of. */
function told(slug: string, now: number): Trouble[] {
  const incidents = INCIDENTS.filter(({ components }) => components.includes(slug)).map(
    ({ daysAgo, hour, minutes, outcome, kind, cause }): Trouble => {
      const startsAt = storyTime(now, daysAgo, hour);
      const status = outcome === "slow" ? "degraded_performance" : "major_outage";
      return { startsAt, endsAt: startsAt + minutes * MINUTE, outcome, kind, cause, status };
    },
  );
  const { components, daysAgo, hour, minutes } = PAST_MAINTENANCE;
  if (!components.includes(slug)) return incidents;
  const startsAt = storyTime(now, daysAgo, hour);
  return [
    ...incidents,
    {
      startsAt,
      endsAt: startsAt + minutes * MINUTE,
      outcome: "up",
      kind: null,
      cause: null,
      status: "under_maintenance",
    },
  ];
}

/** A time of day some days ago, UTC. */
export function storyTime(now: number, daysAgo: number, hour: number): number {
  return Math.floor(now / DAY) * DAY - daysAgo * DAY + hour * HOUR;
}

/** A short failure somewhere in a day: half a minute to a quarter of an hour, mostly short. */
function small(random: Random, day: number, habit: SampleComponent["habit"]): Trouble {
  const startsAt = onGrid(day + random() * (DAY - HOUR));
  const lasts = 40 * SECOND * ((15 * MINUTE) / (40 * SECOND)) ** (random() ** 2);
  const endsAt = onGrid(startsAt + lasts);
  const chance = random();
  const failed = (outcome: Outcome, kind: FaultKind): Trouble => {
    return { startsAt, endsAt, outcome, kind, cause: usualCause(kind), status: "major_outage" };
  };
  if (habit === "out_of_memory") return failed("bad_gateway", "upstream_refused");
  if (habit === "slow_database") return failed("gateway_timeout", "upstream_response_timeout");
  if (chance < 0.12) {
    return { startsAt, endsAt, outcome: "slow", kind: null, cause: null, status: "degraded_performance" };
  }
  if (chance >= 0.62) return failed("gateway_timeout", "upstream_response_timeout");
  return failed(
    "bad_gateway",
    pick<FaultKind>(random, ["upstream_refused", "upstream_closed_early", "upstream_invalid_response"]),
  );
}
