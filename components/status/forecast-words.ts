/** A forecast in words. Pure: the time and how to write a time of day are arguments. */
import { DAY, HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { stepAt, type Forecast } from "#lib/model/forecast.ts";

import { formatCount, plural } from "./format.ts";

/** What is said: the answer, and what it rests on. */
export interface ForecastWords {
  readonly answer: string;
  readonly basis: string;
}

export interface ForecastMoment {
  /** When the failure began, epoch milliseconds. */
  readonly since: number;
  readonly now: number;
  /**
   * Writes a moment as a time of day: for a page that nobody counts on, because without JavaScript
   * "in 6 minutes" is wrong a minute later. Null: say how long it still takes.
   */
  readonly clock: ((at: number) => string) | null;
}

/**
 * "Usually back in about 6 minutes" and "9 of 10 were over within 21 minutes (from 14 earlier
 * cases)"; or why there is no number.
 */
export function forecastWords(forecast: Forecast, { since, now, clock }: ForecastMoment): ForecastWords {
  const step = stepAt(forecast, (now - since) / SECOND);
  if (step === undefined) return tooFew(forecast);
  const [, median, p90, longer] = step;
  const cases = casesOf(forecast);
  if (longer === 0) return { answer: `It has lasted longer than any of the ${cases}`, basis: "" };
  if (median === null) {
    return {
      answer: `It has lasted longer than ${formatCount(forecast.cases - longer)} of the ${cases}`,
      basis: "too few lasted this long to say when it ends",
    };
  }
  const end = (seconds: number): string => {
    const at = since + seconds * SECOND;
    return clock === null ? about(at - now) : clock(at);
  };
  const answer = clock === null ? `Usually back in ${end(median)}` : `Usually back by about ${end(median)}`;
  if (p90 === null) {
    return {
      answer,
      basis: `it may take far longer: only ${formatCount(longer)} of ${cases} lasted this long`,
    };
  }
  const within = clock === null ? `within ${end(p90).replace(/^about /, "")}` : `by ${end(p90)}`;
  return { answer, basis: `9 of 10 were over ${within} (from ${cases})` };
}

function tooFew(forecast: Forecast): ForecastWords {
  const basis =
    forecast.cases === 0
      ? "nothing like this has happened here before"
      : `${plural(forecast.cases, "earlier case")} so far, which is too few to tell`;
  return { answer: "Nobody can say yet how long it will last", basis };
}

/** "14 earlier cases", with whose they are when they are not the component's own. */
function casesOf({ cases, of }: Forecast): string {
  return `${plural(cases, "earlier case")}${of === "page" ? " on this page" : ""}`;
}

/** A time to come, rounded up, because being back early annoys nobody: "about 6 minutes". */
function about(ms: number): string {
  if (ms <= MINUTE) return "about a minute";
  if (ms <= 90 * MINUTE) return `about ${Math.ceil(ms / MINUTE)} minutes`;
  if (ms <= 36 * HOUR) return `about ${Math.ceil(ms / HOUR)} hours`;
  return `about ${Math.ceil(ms / DAY)} days`;
}
