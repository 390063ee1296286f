import { describe, expect, test } from "vitest";

import { isTimeZone, readLocalTime, toLocalTime } from "#lib/model/local-time.ts";

describe("local times", () => {
  test("an ordinary day", () => {
    expect(readLocalTime("2026-07-01T14:30", "Europe/Berlin")).toEqual({
      kind: "exact",
      at: new Date("2026-07-01T12:30:00Z"),
    });
    expect(readLocalTime("2026-01-01T00:00", "Asia/Kolkata")).toEqual({
      kind: "exact",
      at: new Date("2025-12-31T18:30:00Z"),
    });
  });

  test("clocks go forward: the hour is skipped, its edges are not", () => {
    // 2026-03-29: 02:00 becomes 03:00 in Berlin
    expect(readLocalTime("2026-03-29T02:30", "Europe/Berlin")).toEqual({ kind: "skipped" });
    expect(readLocalTime("2026-03-29T02:00", "Europe/Berlin")).toEqual({ kind: "skipped" });
    expect(readLocalTime("2026-03-29T01:59", "Europe/Berlin")).toEqual({
      kind: "exact",
      at: new Date("2026-03-29T00:59:00Z"),
    });
    expect(readLocalTime("2026-03-29T03:00", "Europe/Berlin")).toEqual({
      kind: "exact",
      at: new Date("2026-03-29T01:00:00Z"),
    });
  });

  test("clocks go back: the hour comes twice", () => {
    // 2026-10-25: 03:00 becomes 02:00 in Berlin
    expect(readLocalTime("2026-10-25T02:30", "Europe/Berlin")).toEqual({
      kind: "repeated",
      earlier: new Date("2026-10-25T00:30:00Z"),
      later: new Date("2026-10-25T01:30:00Z"),
    });
    expect(readLocalTime("2026-10-25T03:00", "Europe/Berlin")).toEqual({
      kind: "exact",
      at: new Date("2026-10-25T02:00:00Z"),
    });
  });

  test("a change of half an hour, and one west of UTC", () => {
    // Lord Howe Island moves by 30 minutes on 2026-10-04
    expect(readLocalTime("2026-10-04T02:15", "Australia/Lord_Howe")).toEqual({ kind: "skipped" });
    // New York, 2026-11-01
    expect(readLocalTime("2026-11-01T01:30", "America/New_York")).toEqual({
      kind: "repeated",
      earlier: new Date("2026-11-01T05:30:00Z"),
      later: new Date("2026-11-01T06:30:00Z"),
    });
  });

  test.each(["", "2026-02-30T10:00", "2026-13-01T10:00", "2026-01-01T24:00", "2026-01-01", "tomorrow"])(
    "%j is no time",
    (local) => {
      expect(readLocalTime(local, "Etc/UTC")).toEqual({ kind: "invalid" });
    },
  );

  test("what a clock shows reads back as the same moment, through a whole year of hours", () => {
    for (const zone of ["Europe/Berlin", "America/St_Johns", "Pacific/Apia"]) {
      for (let hour = 0; hour < 366 * 24; hour += 7) {
        const at = new Date(Date.UTC(2026, 0, 1, hour));
        const reading = readLocalTime(toLocalTime(at, zone), zone);
        const moments =
          reading.kind === "exact"
            ? [reading.at]
            : reading.kind === "repeated"
              ? [reading.earlier, reading.later]
              : [];
        expect(moments.map((moment) => moment.getTime())).toContain(at.getTime());
      }
    }
  });

  test("zones that this machine knows", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("Middle/Earth")).toBe(false);
  });
});
