import { describe, expect, test } from "vitest";

import type { HealthFacts } from "#lib/store/health.ts";

import { troubleIn } from "../../../app/api/health/judge.ts";

const NOW = new Date("2026-11-22T12:00:00.000Z");
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);

const WELL: HealthFacts = {
  lastResultAt: ago(12),
  workerSeenAt: ago(4),
  workerSince: ago(3_600),
  shortestIntervalMs: 30_000,
  checkSince: ago(86_400),
};

const judge = (change: Partial<HealthFacts>): string | null => troubleIn({ ...WELL, ...change }, NOW);

describe("troubleIn", () => {
  test("all is well while a worker reports and results come in", () => {
    expect(judge({})).toBeNull();
    expect(judge({ lastResultAt: ago(90) })).toBeNull();
  });

  test("a worker is away after a minute of silence", () => {
    expect(judge({ workerSeenAt: null, workerSince: null })).toBe("no worker has reported yet");
    expect(judge({ workerSeenAt: ago(60) })).toBeNull();
    expect(judge({ workerSeenAt: ago(61) })).toBe("no worker has reported since 2026-11-22T11:58:59.000Z");
  });

  test("results are late a minute after the shortest interval", () => {
    expect(judge({ lastResultAt: ago(91) })).toBe(
      "the worker has stored no result since 2026-11-22T11:58:29.000Z",
    );
    expect(judge({ lastResultAt: null })).toBe("the worker has stored no result yet");
  });

  test("nothing is late before somebody could have looked", () => {
    expect(judge({ lastResultAt: ago(5_000), workerSince: ago(20) })).toBeNull();
    expect(judge({ lastResultAt: null, checkSince: ago(20) })).toBeNull();
    expect(judge({ lastResultAt: null, shortestIntervalMs: null, checkSince: null })).toBeNull();
  });
});
