import { DAY, HOUR, MINUTE } from "#lib/base/clock.ts";
import { LATENCY_BUCKETS, bucketOf } from "#lib/model/histogram.ts";
import { OUTCOMES, outcomeCode } from "#lib/model/outcome.ts";

import { SAMPLE_CHECK } from "./cast.ts";
import { gauss, type Random } from "./random.ts";
import type { Trouble } from "./troubles.ts";

/** Counts of an hour or a day, as the database keeps them. */
export interface Counts {
  /** Epoch milliseconds. */
  readonly startsAt: number;
  total: number;
  readonly outcomes: number[];
  readonly latency: number[];
  latencySum: number;
}

export interface Rollups {
  readonly hours: readonly Counts[];
  readonly days: readonly Counts[];
}

/** Hours are kept for the charts of the last week; before that, days are enough. */
export const HOURLY_DAYS = 8;

const UP = outcomeCode("up");
const SLOW = outcomeCode("slow");
// natural logarithms: most answers within a third of the typical time, few far above it
const SPREAD = 0.22;
const SLOW_FACTOR = 1.5;

/**
 * Counts what checks would have seen from `from` until `until`, slot by slot, so that hours,
 * days and troubles agree to the single check.
 * @param latencyMs typical response time
 */
export function countChecks(
  random: Random,
  latencyMs: number,
  troubles: readonly Trouble[],
  from: number,
  until: number,
): Rollups {
  const hours: Counts[] = [];
  const days: Counts[] = [];
  let next = 0;
  let step: number = SAMPLE_CHECK.intervalMs;
  for (let slot = from; slot < until; slot += step) {
    if (slot % HOUR === 0 || hours.length === 0) hours.push(emptyCounts(Math.floor(slot / HOUR) * HOUR));
    if (slot % DAY === 0 || days.length === 0) days.push(emptyCounts(Math.floor(slot / DAY) * DAY));
    while (next < troubles.length && (troubles[next]?.endsAt ?? 0) <= slot) next += 1;
    const trouble = troubles[next];
    const current = trouble !== undefined && trouble.startsAt <= slot ? trouble : null;
    const [outcome, ms] = look(random, latencyMs, slot, current);
    step = stepAt(slot, until, trouble ?? null);
    const checks = step / SAMPLE_CHECK.intervalMs;
    for (const counts of [hours.at(-1), days.at(-1)])
      if (counts !== undefined) count(counts, outcome, ms, checks);
  }
  return { hours: hours.filter(({ startsAt }) => startsAt >= until - HOURLY_DAYS * DAY), days };
}

/**
 * How many slots one look stands for: six million of them would take seconds. While all is calm
 * it is a minute for the hours that a chart shows, and ten for the days before.
 */
function stepAt(slot: number, until: number, trouble: Trouble | null): number {
  const step = slot < until - HOURLY_DAYS * DAY ? 10 * MINUTE : MINUTE;
  const calmUntil = trouble === null ? until : Math.min(until, trouble.startsAt);
  return slot % step === 0 && slot + step <= calmUntil ? step : SAMPLE_CHECK.intervalMs;
}

/** Outcome code and response time of one check; the time of a failed one is not counted. */
function look(
  random: Random,
  latencyMs: number,
  slot: number,
  trouble: Trouble | null,
): [outcome: number, ms: number] {
  if (trouble !== null && trouble.outcome !== "up" && trouble.outcome !== "slow")
    return [outcomeCode(trouble.outcome), -1];
  // busiest in the early evening, UTC
  const load = 1 + 0.25 * Math.sin(((slot / HOUR - 11) / 24) * 2 * Math.PI);
  const ms = latencyMs * load * Math.exp(SPREAD * gauss(random));
  if (trouble?.outcome === "slow") return [SLOW, Math.round(SAMPLE_CHECK.slowMs * SLOW_FACTOR + ms)];
  return ms > SAMPLE_CHECK.slowMs ? [SLOW, Math.round(ms)] : [UP, Math.round(ms)];
}

function emptyCounts(startsAt: number): Counts {
  return {
    startsAt,
    total: 0,
    outcomes: Array.from({ length: OUTCOMES.length }, () => 0),
    latency: Array.from({ length: LATENCY_BUCKETS }, () => 0),
    latencySum: 0,
  };
}

function count(counts: Counts, outcome: number, ms: number, checks: number): void {
  counts.total += checks;
  counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + checks;
  if (ms < 0) return;
  const bucket = bucketOf(ms);
  counts.latency[bucket] = (counts.latency[bucket] ?? 0) + checks;
  counts.latencySum += ms * checks;
}
