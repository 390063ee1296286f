import { expect, test } from "vitest";

import { backoff } from "#lib/supervise/backoff.ts";

test("pauses double with each failure in a row and end at half a minute", () => {
  const waits: number[] = [];
  let failures = 0;
  for (let i = 0; i < 10; i += 1) {
    const next = backoff(failures, 100);
    waits.push(next.waitMs);
    failures = next.failures;
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("having run for a minute counts as having recovered", () => {
  expect(backoff(9, 60_000)).toEqual({ waitMs: 250, failures: 1 });
  expect(backoff(9, 59_999).waitMs).toBe(30_000);
});

test("stays finite however long it fails", () => {
  expect(backoff(100_000, 0).waitMs).toBe(30_000);
});
