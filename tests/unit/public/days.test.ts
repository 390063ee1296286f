import { describe, expect, it } from "vitest";

import { DAY, HOUR, MINUTE } from "#lib/base/clock.ts";
import { summariseDays } from "#lib/public/days.ts";
import { lastDays } from "#lib/public/window.ts";

const NOW = Date.UTC(2026, 2, 10, 12);
const window = lastDays(4, NOW);
const day = (index: number, hour = 0) => window.from + index * DAY + hour * HOUR;

describe("summariseDays", () => {
  it("knows nothing of days that no span covers", () => {
    expect(summariseDays([], window)).toEqual({ days: "----", trouble: [] });
  });

  it("names a day by its worst moment and counts what was affected", () => {
    const spans = [
      { status: "operational", startsAt: day(1, 6), endsAt: day(2, 1) },
      { status: "major_outage", startsAt: day(2, 1), endsAt: day(2, 1) + 90_000 },
      { status: "degraded_performance", startsAt: day(2, 1) + 90_000, endsAt: day(2, 2) + 90_000 },
      { status: "operational", startsAt: day(2, 2) + 90_000, endsAt: null },
    ] as const;
    expect(summariseDays(spans, window)).toEqual({ days: "-omo", trouble: [{ day: 2, minutes: 62 }] });
  });

  it("splits a span at midnight and ends an open one now", () => {
    const spans = [{ status: "partial_outage", startsAt: day(2, 23), endsAt: null }] as const;
    expect(summariseDays(spans, window)).toEqual({
      days: "--pp",
      trouble: [
        { day: 2, minutes: 60 },
        { day: 3, minutes: 12 * 60 },
      ],
    });
  });

  it("shows planned work on an otherwise fine day, and seconds as a minute", () => {
    const spans = [
      { status: "operational", startsAt: day(0), endsAt: day(0, 2) },
      { status: "under_maintenance", startsAt: day(0, 2), endsAt: day(0, 3) },
      { status: "operational", startsAt: day(0, 3), endsAt: day(1, 3) },
      { status: "partial_outage", startsAt: day(1, 3), endsAt: day(1, 3) + 5_000 },
    ] as const;
    expect(summariseDays(spans, window)).toEqual({
      days: "wp--",
      trouble: [
        { day: 0, minutes: 60 },
        { day: 1, minutes: 1 },
      ],
    });
  });

  it("cuts a span that began before the window", () => {
    const spans = [
      { status: "degraded_performance", startsAt: day(0) - 30 * DAY, endsAt: day(0) + 5 * MINUTE },
    ] as const;
    expect(summariseDays(spans, window)).toEqual({ days: "d---", trouble: [{ day: 0, minutes: 5 }] });
  });
});
