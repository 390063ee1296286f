import { describe, expect, it } from "vitest";

import { latencyChart, niceCeiling } from "#components/status/chart-paths.ts";
import { errorTotals, mapPieces, markRadius } from "#components/status/error-paths.ts";
import type { ErrorDay, LatencyPoint } from "#lib/public/types.ts";

const day = (name: string, badGateway: number, gatewayTimeout: number, serviceUnavailable = 0): ErrorDay => ({
  day: name,
  checks: 100,
  badGateway,
  gatewayTimeout,
  serviceUnavailable,
});

const map = (errors: ErrorDay[], days = "o".repeat(90)) =>
  mapPieces({ firstDay: "2026-01-01", days, errors });

describe("the map of gateway errors", () => {
  it("cuts the window into pieces of thirty days", () => {
    expect(map([]).map(({ from, days }) => [from, days])).toEqual([
      [0, 30],
      [30, 30],
      [60, 30],
    ]);
    expect(map([], "o".repeat(40)).map(({ days }) => days)).toEqual([30, 10]);
  });

  it("gives 502 squares in the upper lane and 504 diamonds in the lower one", () => {
    const [first] = map([day("2026-01-01", 1, 1)]);
    expect(first?.marks).toEqual([
      { code: 502, d: "M2.5 6.5h5v5h-5z" },
      { code: 504, d: "M5 25.875l3.125 3.125l-3.125 3.125l-3.125 -3.125z" },
    ]);
  });

  it("puts a day into its piece and its column", () => {
    const [, second] = map([day("2026-02-01", 0, 0, 5)]);
    // February 1 is day 31: the second column of the second piece
    expect(second?.marks).toEqual([{ code: 503, d: expect.stringMatching(/^M12\.\d+ 19a/) }]);
  });

  it("tells no errors from no data", () => {
    const [first] = map([], `${"-".repeat(29)}o`);
    expect(first?.quiet).toBe("M294 19h2");
  });

  it("leaves out what is not in the window", () => {
    expect(map([day("2025-12-31", 9, 9)]).flatMap(({ marks }) => marks)).toEqual([]);
  });

  it("grows marks with the number of checks", () => {
    expect([1, 3, 4, 19, 20, 5_000].map(markRadius)).toEqual([2.5, 2.5, 3.5, 3.5, 4.5, 4.5]);
  });

  it("adds up checks and days by code", () => {
    expect(errorTotals([day("2026-01-01", 3, 0), day("2026-01-02", 2, 4)])).toEqual({
      502: { checks: 5, days: 2 },
      503: { checks: 0, days: 0 },
      504: { checks: 4, days: 1 },
    });
  });
});

const point = (p50: number | null, p95: number | null, failures = 0): LatencyPoint => ({
  at: "2026-01-01T00:00:00Z",
  p50,
  p95,
  checks: 10,
  failures,
});

describe("the chart of response times", () => {
  it("is not drawn without an answered check", () => {
    expect(latencyChart([point(null, null, 3)])).toBeNull();
    expect(latencyChart([])).toBeNull();
  });

  it("ends at a round number that holds everything", () => {
    expect([0, 1, 83, 101, 504, 1_200, 9_001].map(niceCeiling)).toEqual([1, 1, 100, 150, 600, 1_500, 10_000]);
  });

  it("leaves a gap in the line where there is no data", () => {
    const chart = latencyChart([
      point(50, 100),
      point(50, 100),
      point(null, null),
      point(50, 100),
      point(50, 100),
    ]);
    expect(chart?.top).toBe(100);
    expect(chart?.p95).toBe("M100 0L300 0M700 0L900 0");
    expect(chart?.p50).toBe("M100 100L300 100M700 100L900 100");
    expect(chart?.band).toBe("M100 0L300 0L300 100L100 100zM700 0L900 0L900 100L700 100z");
  });

  it("shows a lone point as a dot", () => {
    expect(latencyChart([point(null, null), point(50, 100), point(null, null)])?.p95).toBe("M500 0h.1");
  });

  it("lets failures rise with their share, and never vanish", () => {
    const chart = latencyChart([point(1, 1, 5), { ...point(1, 1, 1), checks: 10_000 }]);
    expect(chart?.failures).toBe("M250 200v-100M750 200v-12");
  });
});
