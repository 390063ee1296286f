import { describe, expect, test } from "vitest";

import { formatDuration, parseDuration } from "#lib/config/duration.ts";

describe("parseDuration", () => {
  test.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["0s", 0],
  ])("%s", (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(["", "30", "s", "30 s", "-5s", "5d", "1e3s", "30sec", "1h 30m", "9".repeat(400) + "s"])(
    "%j is none",
    (text) => expect(parseDuration(text)).toBeNull(),
  );
});

test.each([
  [500, "500ms"],
  [1_500, "1500ms"],
  [90_000, "90s"],
  [120_000, "2m"],
  [86_400_000, "24h"],
])("%d is written %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});
