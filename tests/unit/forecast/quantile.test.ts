import { describe, expect, it } from "vitest";

import { quantileAfter } from "#lib/forecast/quantile.ts";
import type { PastEpisode } from "#lib/model/forecast.ts";

const ended = (...lengths: number[]): PastEpisode[] => lengths.map((lastedMs) => ({ lastedMs, ended: true }));
const open = (...lengths: number[]): PastEpisode[] => lengths.map((lastedMs) => ({ lastedMs, ended: false }));

describe("quantileAfter", () => {
  it("takes the k-th of n for k / (n + 1)", () => {
    expect(quantileAfter(ended(10, 20, 30, 40, 50, 60, 70, 80, 90), 0, 0.5)).toBeCloseTo(50, 10);
    expect(quantileAfter(ended(10, 20, 30, 40, 50, 60, 70, 80, 90), 0, 0.9)).toBeCloseTo(90, 10);
  });

  it("interpolates geometrically between two", () => {
    // 0.5 of 4: in the middle of the second and the third
    expect(quantileAfter(ended(1, 10, 1_000, 2_000), 0, 0.5)).toBeCloseTo(100, 10);
  });

  it("knows only what lasted longer", () => {
    const past = ended(1, 2, 3, 100, 200, 300, 400, 500);
    expect(quantileAfter(past, 50, 0.5)).toBeCloseTo(300, 10);
    expect(quantileAfter(past, 500, 0.5)).toBeNull();
  });

  it("takes the longest for a quantile that is just beyond it, and nothing when it is further", () => {
    expect(quantileAfter(ended(1, 2, 3, 4, 5, 6, 7), 0, 0.9)).toBe(7);
    expect(quantileAfter(ended(1, 2, 3, 4, 5, 6), 0, 0.9)).toBeNull();
  });

  it("counts an open episode as one that lasts longer, and never as an end", () => {
    // at risk 4, then 2 after one end and one still open: S = 4/5 · 2/3
    expect(quantileAfter([...ended(10, 30, 40), ...open(20)], 0, 7 / 15)).toBeCloseTo(30, 10);
    expect(quantileAfter(open(10, 20, 30, 40, 50), 0, 0.5)).toBeNull();
    // of equal lengths, the one that is over comes first
    const tied = quantileAfter([...open(10), ...ended(10, 20)], 0, 0.25);
    expect(tied).toBe(quantileAfter([...ended(10, 20), ...open(10)], 0, 0.25));
    expect(tied).toBeCloseTo(10, 10);
  });

  it("takes ties one by one, and gives their length", () => {
    expect(quantileAfter(ended(30, 30, 30, 30, 30, 30, 60, 90), 0, 0.5)).toBeCloseTo(30, 10);
  });

  it("has no number from episodes of no length", () => {
    expect(quantileAfter(ended(0, 0, 0, 0, 0, 0, 0, 0), 0, 0.5)).toBeNull();
    expect(quantileAfter([], 0, 0.5)).toBeNull();
  });
});
