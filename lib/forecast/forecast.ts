import { SECOND } from "#lib/base/clock.ts";
import type { Forecast, ForecastStep, PastEpisode } from "#lib/model/forecast.ts";

import { longerThan, quantileAfter } from "./quantile.ts";

/** Fewer that have ended say nothing that deserves a number. */
export const FEWEST_CASES = 8;
/** The latest of a class: enough for the 90th percentile, and few enough to follow a change. */
export const MOST_CASES = 30;
/** With fewer that lasted as long, half of them is no number worth telling. */
const FEWEST_LONGER = 4;

/**
 * What the forecast of one open episode can rest on: other episodes with the same outcome, the
 * latest `MOST_CASES` of each. The kind of fault makes no finer class: tried, a kind with enough
 * episodes gained, and rarer ones were then judged by the common ones' lengths (docs/diagnosis.md).
 */
export interface Likenesses {
  readonly component: readonly PastEpisode[];
  /** Of the whole page, the component's own among them. */
  readonly page: readonly PastEpisode[];
}

/**
 * How long an open episode will last, from its component's earlier ones when at
 * least eight of those have ended, otherwise from the page's. Pure: what is known of the past, and the time that has passed, are arguments.
 * @param elapsedMs how long it has lasted already; rows for before that are left out
 */
export function forecast({ component, page }: Likenesses, elapsedMs: number): Forecast {
  if (isEnough(component)) {
    return { cases: component.length, of: "component", steps: stepsOf(component, elapsedMs) };
  }
  return { cases: page.length, of: "page", steps: isEnough(page) ? stepsOf(page, elapsedMs) : [] };
}

function isEnough(past: readonly PastEpisode[]): boolean {
  return past.filter(({ ended }) => ended).length >= FEWEST_CASES;
}

/** What is known changes only where an earlier episode ended: one row for now and for each of those. */
function stepsOf(past: readonly PastEpisode[], elapsedMs: number): ForecastStep[] {
  const passed = Math.max(0, elapsedMs);
  const changes = longerThan(past, passed).map(({ lastedMs }) => lastedMs);
  const moments = new Set([passed, ...changes].map((ms) => Math.ceil(ms / SECOND)));
  return [...moments].toSorted((a, b) => a - b).map((seconds) => stepOf(past, seconds));
}

function stepOf(past: readonly PastEpisode[], seconds: number): ForecastStep {
  const elapsed = seconds * SECOND;
  const longer = longerThan(past, elapsed).length;
  if (longer < FEWEST_LONGER) return [seconds, null, null, longer];
  const at = (q: number): number | null => {
    const ms = quantileAfter(past, elapsed, q);
    return ms === null ? null : Math.ceil(ms / SECOND);
  };
  return [seconds, at(0.5), at(0.9), longer];
}
