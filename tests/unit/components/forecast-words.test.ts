import { describe, expect, it } from "vitest";

import { forecastWords } from "#components/status/forecast-words.ts";
import type { Forecast } from "#lib/model/forecast.ts";
import { FORECAST } from "#tests/support/fixtures/status-page.ts";

const SINCE = Date.UTC(2026, 2, 19, 14, 2);
const said = (forecast: Forecast, seconds: number, clock: ((at: number) => string) | null = null): string => {
  const { answer, basis } = forecastWords(forecast, { since: SINCE, now: SINCE + seconds * 1_000, clock });
  return basis === "" ? `${answer}.` : `${answer}; ${basis}.`;
};

const clock = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;
/** At the beginning, with these seconds for half and nine of ten. */
const after = (median: number, p90: number) => said({ ...FORECAST, steps: [[0, median, p90, 9]] }, 0);

describe("forecastWords", () => {
  it.each([
    [360, "Usually back in about 6 minutes; 9 of 10 were over within 21 minutes (from 14 earlier cases)."],
    // no reload in between: the table is looked up anew
    [395, "Usually back in about 6 minutes; 9 of 10 were over within 21 minutes (from 14 earlier cases)."],
    [470, "Usually back in about 5 minutes; 9 of 10 were over within 20 minutes (from 14 earlier cases)."],
    [719, "Usually back in about 2 minutes; 9 of 10 were over within 16 minutes (from 14 earlier cases)."],
    [
      760,
      "Usually back in about 3 minutes; it may take far longer: only 4 of 14 earlier cases lasted this long.",
    ],
    [
      900,
      "It has lasted longer than 11 of the 14 earlier cases; too few lasted this long to say when it ends.",
    ],
    [1_620, "It has lasted longer than any of the 14 earlier cases."],
    [99_999, "It has lasted longer than any of the 14 earlier cases."],
  ])("says after %d s what is true then", (seconds, words) => {
    expect(said(FORECAST, seconds)).toBe(words);
  });

  it("names times of day where nobody counts", () => {
    expect(said(FORECAST, 360, clock)).toBe(
      "Usually back by about 14:14 UTC; 9 of 10 were over by 14:29 UTC (from 14 earlier cases).",
    );
  });

  it("says whose cases they are when they are not the component's own", () => {
    expect(said({ ...FORECAST, of: "page" }, 360)).toContain("(from 14 earlier cases on this page)");
  });

  it("has a sentence and no number when there are too few", () => {
    expect(said({ cases: 5, of: "page", steps: [] }, 60)).toBe(
      "Nobody can say yet how long it will last; 5 earlier cases so far, which is too few to tell.",
    );
    expect(said({ cases: 0, of: "page", steps: [] }, 60)).toBe(
      "Nobody can say yet how long it will last; nothing like this has happened here before.",
    );
  });

  it("rounds up, and to hours and days when it takes long", () => {
    expect(after(20, 59)).toBe(
      "Usually back in about a minute; 9 of 10 were over within a minute (from 14 earlier cases).",
    );
    expect(after(2 * 3_600 + 1, 40 * 3_600)).toBe(
      "Usually back in about 3 hours; 9 of 10 were over within 2 days (from 14 earlier cases).",
    );
  });
});
