import { describe, expect, it } from "vitest";

import { MINUTE, SECOND } from "#lib/base/clock.ts";
import { freshnessOf, isStale } from "#lib/public/freshness.ts";
import { shownStatus } from "#lib/public/standing.ts";
import type { Watch } from "#lib/store/public-catalog.ts";

const NOW = Date.UTC(2026, 2, 10, 12, 0, 30);
const ago = (ms: number) => new Date(NOW - ms);
const watch = (more: Partial<Watch> = {}): Watch => ({
  componentId: "c",
  checks: 1,
  enabled: 1,
  intervalMs: 10_000,
  lastSlotAt: ago(5 * SECOND),
  changedAt: ago(60 * MINUTE),
  ...more,
});
const nothing = { incidents: [], inMaintenance: false } as const;
const fine = { status: "operational", statusSince: ago(60 * MINUTE) } as const;

describe("isStale", () => {
  it.each([
    ["a minute and the grace for short intervals", 10 * SECOND, 74 * SECOND, false],
    ["not longer", 10 * SECOND, 76 * SECOND, true],
    ["three intervals and the grace for long ones", 5 * MINUTE, 15 * MINUTE + 14 * SECOND, false],
    ["not longer either", 5 * MINUTE, 15 * MINUTE + 16 * SECOND, true],
  ])("waits %s", (_name, intervalMs, since, stale) => {
    expect(isStale(watch({ intervalMs, lastSlotAt: ago(since) }), NOW)).toBe(stale);
  });

  it("gives a check that was just made the same time", () => {
    expect(isStale(watch({ lastSlotAt: null, changedAt: ago(30 * SECOND) }), NOW)).toBe(false);
    expect(isStale(watch({ lastSlotAt: null, changedAt: ago(2 * MINUTE) }), NOW)).toBe(true);
  });

  it("expects nothing where nothing is enabled", () => {
    expect(isStale(undefined, NOW)).toBe(false);
    expect(isStale(watch({ enabled: 0, intervalMs: null, lastSlotAt: null }), NOW)).toBe(false);
  });
});

describe("freshnessOf", () => {
  it("rounds the last result down to the minute", () => {
    expect(freshnessOf([watch({ lastSlotAt: ago(0) })], NOW)).toEqual({
      checkedAt: "2026-03-10T12:00:00.000Z",
      stale: false,
    });
  });

  it("is stale only when every watched component is silent", () => {
    const silent = watch({ lastSlotAt: ago(10 * MINUTE) });
    expect(freshnessOf([silent, watch()], NOW).stale).toBe(false);
    expect(freshnessOf([silent, silent], NOW).stale).toBe(true);
    expect(freshnessOf([], NOW)).toEqual({ checkedAt: null, stale: false });
  });
});

describe("shownStatus", () => {
  const silent = watch({ lastSlotAt: ago(10 * MINUTE) });

  it("shows the stored status while it is being watched", () => {
    expect(shownStatus(fine, watch(), nothing, NOW)).toMatchObject({
      status: "operational",
      silentSince: null,
    });
  });

  it("claims nothing once the checks went silent", () => {
    expect(shownStatus(fine, silent, nothing, NOW)).toMatchObject({
      status: "unknown",
      since: ago(10 * MINUTE),
      silentSince: ago(10 * MINUTE),
    });
    const said = { incidents: ["operational"], inMaintenance: false } as const;
    expect(shownStatus(fine, silent, said, NOW).status).toBe("unknown");
  });

  it("still counts what people said", () => {
    const said = { incidents: ["partial_outage"], inMaintenance: false } as const;
    expect(shownStatus({ ...fine, status: "partial_outage" }, silent, said, NOW).status).toBe(
      "partial_outage",
    );
    expect(shownStatus(fine, silent, { incidents: [], inMaintenance: true }, NOW).status).toBe(
      "under_maintenance",
    );
  });

  it.each(["operational", "major_outage", "unknown"] as const)(
    "shows %s where nothing can go silent",
    (status) => {
      const stored = { ...fine, status };
      const paused = watch({ enabled: 0, intervalMs: null });
      expect(shownStatus(stored, undefined, nothing, NOW).status).toBe(status);
      expect(shownStatus(stored, paused, nothing, NOW).status).toBe(status);
    },
  );
});
