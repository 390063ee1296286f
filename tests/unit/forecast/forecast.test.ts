import { describe, expect, it } from "vitest";

import { MINUTE, SECOND } from "#lib/base/clock.ts";
import { forecast } from "#lib/forecast/forecast.ts";
import { stepAt, type PastEpisode } from "#lib/model/forecast.ts";

const minutes = (...lengths: number[]): PastEpisode[] =>
  lengths.map((length) => ({ lastedMs: length * MINUTE, ended: true }));
const NINE = minutes(1, 2, 3, 4, 5, 6, 7, 8, 9);

describe("forecast", () => {
  it("rests on the component's own episodes when eight of them have ended", () => {
    const said = forecast({ component: NINE, page: [...NINE, ...minutes(100, 200)] }, 30 * SECOND);
    expect(said).toMatchObject({ cases: 9, of: "component" });
    expect(stepAt(said, 30)).toEqual([30, 300, 540, 9]);
  });

  it("falls back to the page's, and to no number under eight", () => {
    const few = NINE.slice(0, 7);
    expect(forecast({ component: few, page: NINE }, 0)).toMatchObject({ cases: 9, of: "page" });
    expect(forecast({ component: [], page: few }, 0)).toEqual({ cases: 7, of: "page", steps: [] });
    const open = { lastedMs: MINUTE, ended: false };
    // open ones are counted, and do not make a number
    expect(forecast({ component: [], page: [...few, open] }, 0)).toEqual({ cases: 8, of: "page", steps: [] });
  });

  it("says less the longer it lasts, down to nothing", () => {
    const said = forecast({ component: NINE, page: NINE }, 0);
    expect(said.steps.map(([passed]) => passed)).toEqual([0, 60, 120, 180, 240, 300, 360, 420, 480, 540]);
    // seven lasted longer than two minutes: the longest of them stands for nine of ten
    expect(stepAt(said, 2 * 60 + 59)).toEqual([120, 6 * 60, 540, 7]);
    // six: half of them, and no nine of ten
    expect(stepAt(said, 3 * 60)).toEqual([180, 6.5 * 60 - 1, null, 6]);
    expect(stepAt(said, 6 * 60)).toEqual([360, null, null, 3]);
    expect(stepAt(said, 9 * 60)).toEqual([540, null, null, 0]);
    expect(stepAt(said, 99 * 60)).toEqual([540, null, null, 0]);
  });

  it("never promises an end that is over already", () => {
    const past = minutes(0, 0, 0.1, 0.5, 0.5, 0.5, 0.5, 2, 2, 2, 7.03, 7.03, 60, 61, 600);
    const said = forecast({ component: past, page: past }, 0);
    for (let seconds = 0; seconds < 36_000; seconds += 1) {
      const [, median, p90] = stepAt(said, seconds) ?? [];
      if (median !== null && median !== undefined) expect(median).toBeGreaterThan(seconds);
      if (p90 !== null && p90 !== undefined) expect(p90).toBeGreaterThanOrEqual(median ?? 0);
    }
  });

  it("takes a clock that went back as the beginning", () => {
    expect(forecast({ component: NINE, page: NINE }, -5_000).steps[0]?.[0]).toBe(0);
  });
});
