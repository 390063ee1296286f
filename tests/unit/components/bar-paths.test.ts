import { describe, expect, it } from "vitest";

import { barPaths, barWidth, dayAfterKey, dayAt, dayLetter } from "#components/status/bar-paths.ts";

/** The days that a path draws, from its own path data. */
function daysOf(d: string): number[] {
  return [...d.matchAll(/M(\d+) [\d.]+h(\d+)/g)].flatMap(([, x, length]) =>
    Array.from({ length: (Number(length) + 1) / 3 }, (_, index) => Number(x) / 3 + index),
  );
}

describe("barPaths", () => {
  it("draws a run of equal days as one line", () => {
    expect(barPaths("o".repeat(90))).toEqual([{ letter: "o", d: "M0 18h269" }]);
    expect(barWidth(90)).toBe(269);
  });

  it("draws every day exactly once, under its own letter", () => {
    const letters = "--ooodoomppow-";
    for (const { letter, d } of barPaths(letters)) {
      expect(daysOf(d)).toEqual(Array.from(letters).flatMap((each, day) => (each === letter ? [day] : [])));
    }
    expect(barPaths(letters).flatMap(({ d }) => daysOf(d))).toHaveLength(letters.length);
  });

  it("never needs more paths than there are letters", () => {
    expect(barPaths("odpmw-".repeat(15))).toHaveLength(6);
  });

  it("shows a letter from a newer server as no data", () => {
    expect(dayLetter("ox", 1)).toBe("-");
    expect(barPaths("x").map(({ letter }) => letter)).toEqual(["-"]);
  });

  it("draws nothing for no days", () => expect(barPaths("")).toEqual([]));
});

describe("walking through days", () => {
  it("finds the day under the pointer and stays inside", () => {
    expect([0, 359, -5, 900].map((x) => dayAt(x, 360, 90))).toEqual([0, 89, 0, 89]);
    expect(dayAt(180, 360, 90)).toBe(45);
    expect(dayAt(10, 0, 90)).toBe(0);
  });

  it("begins at today and stops at the ends", () => {
    expect(dayAfterKey("ArrowLeft", null, 90)).toBe(89);
    expect(dayAfterKey("ArrowLeft", 89, 90)).toBe(88);
    expect(dayAfterKey("ArrowRight", 89, 90)).toBe(89);
    expect(dayAfterKey("PageDown", 3, 90)).toBe(0);
    expect([dayAfterKey("Home", 5, 90), dayAfterKey("End", 5, 90)]).toEqual([0, 89]);
    expect(dayAfterKey("Tab", 5, 90)).toBeNull();
  });
});
