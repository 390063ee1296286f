import { expect, it } from "vitest";

import { casesOf, type Stretch } from "#lib/forecast/cases.ts";

const NOW = 1_000;
const of = (componentId: string, startedAt: number, endedAt: number | null): Stretch => ({
  componentId,
  startedAt,
  endedAt,
});
const ASKED = of("a", 900, null);

it("takes each episode for a case, latest first, and an open one as it is so far", () => {
  expect(casesOf([of("b", 700, null), of("a", 100, 150), of("a", 300, 310)], ASKED, NOW)).toEqual([
    { lastedMs: 300, ended: false },
    { lastedMs: 10, ended: true },
    { lastedMs: 50, ended: true },
  ]);
});

it("takes what several checks of a component saw at once for one case", () => {
  const seen = [
    of("a", 100, 150),
    of("a", 120, 200),
    of("a", 190, 195),
    of("b", 130, 160),
    of("a", 200, 205),
  ];
  expect(casesOf(seen, ASKED, NOW)).toEqual([
    { lastedMs: 5, ended: true },
    { lastedMs: 30, ended: true },
    { lastedMs: 100, ended: true },
  ]);
});

it("leaves out what is a part of the outage in question", () => {
  expect(casesOf([of("a", 890, null), of("a", 910, 950), of("b", 890, null)], ASKED, NOW)).toEqual([
    { lastedMs: 110, ended: false },
  ]);
});
