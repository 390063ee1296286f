import { describe, expect, it } from "vitest";

import {
  addDays,
  formatDate,
  formatDay,
  formatDuration,
  formatExactDuration,
  formatLatency,
  formatList,
  formatUptime,
  plural,
  sameDay,
} from "#components/status/format.ts";

const S = 1_000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

describe("durations", () => {
  it.each([
    [0, "less than a minute"],
    [MIN - 1, "less than a minute"],
    [MIN, "1 min"],
    [6.99 * MIN, "6 min"],
    [H, "1 h"],
    [2 * H + 14.5 * MIN, "2 h 14 min"],
    [D - 1, "23 h 59 min"],
    [3 * D + 4 * H, "3 d 4 h"],
  ])("%d ms reads as %s", (ms, words) => expect(formatDuration(ms)).toBe(words));

  it.each([
    [0, "1 s"],
    [42_400, "42 s"],
    [3 * MIN + 5 * S, "3 min 5 s"],
    [10 * MIN, "10 min"],
    [61 * MIN, "1 h 1 min"],
  ])("%d ms that are over read as %s", (ms, words) => expect(formatExactDuration(ms)).toBe(words));
});

describe("uptime", () => {
  it("never rounds up to a promise of 100 %", () => {
    expect(formatUptime(0.999_999)).toBe("99.99%");
    expect(formatUptime(1)).toBe("100%");
  });
  it("says when nothing is known", () => expect(formatUptime(null)).toBe("no data"));
  it("keeps two decimals", () => expect(formatUptime(0.9)).toBe("90.00%"));
});

describe("dates", () => {
  const at = "2026-03-19T23:30:00.000Z";
  it("follow the zone", () => {
    expect(formatDate(at, "moment", "UTC")).toBe("Mar 19, 23:30");
    expect(formatDate(at, "moment", "Asia/Tokyo")).toBe("Mar 20, 08:30");
  });
  it("write midnight as 00:00, not 24:00", () => {
    expect(formatDate("2026-03-19T00:00:00Z", "time", "UTC")).toBe("00:00");
  });
  it("know the same day by its zone", () => {
    const later = "2026-03-20T00:30:00.000Z";
    expect(sameDay(at, later, "UTC")).toBe(false);
    expect(sameDay(at, later, "America/New_York")).toBe(true);
  });
  it("keep UTC days where they are", () => {
    expect(formatDay("2026-03-19", "day")).toBe("Mar 19, 2026");
    expect(addDays("2026-02-27", 2)).toBe("2026-03-01");
  });
});

describe("numbers", () => {
  it("choose their unit", () => {
    expect([null, 0.4, 84.4, 1_240].map(formatLatency)).toEqual(["–", "<1 ms", "84 ms", "1.24 s"]);
  });
  it("agree with their noun", () => {
    expect([plural(1, "check"), plural(1_402, "check")]).toEqual(["1 check", "1,402 checks"]);
  });
  it("join lists", () => expect(formatList(["a", "b", "c"])).toBe("a, b and c"));
});
