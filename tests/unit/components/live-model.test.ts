import { describe, expect, it } from "vitest";

import { announcement, isNewer, statusesOf, withLive } from "#components/status/live-model.ts";
import { isDoubtful } from "#components/status/doubt.ts";
import { recentRuns } from "#components/status/recent-runs.ts";
import { isOldAnswer, retryDelay } from "#components/status/use-live.ts";
import { barSummary, faultPhrase } from "#components/status/words.ts";
import type { ComponentStatus } from "#lib/model/status.ts";
import type { LiveState, StatusPage } from "#lib/public/types.ts";
import { component, fault, incident, iso, NOW, STATUS_PAGES } from "#tests/support/fixtures/status-page.ts";

const ids = (page: StatusPage): string[] =>
  page.groups.flatMap((group) => group.components.map(({ id }) => id));

function liveOf(
  page: StatusPage,
  version: string,
  change: Partial<Record<number, ComponentStatus>> = {},
): LiveState {
  return {
    version,
    freshness: { checkedAt: iso(0), stale: false },
    indicator: { level: "major", description: "Partial System Outage" },
    components: ids(page).map((id, index) => [id, change[index] ?? "operational", iso(0)] as const),
  };
}

describe("laying a poll over the page", () => {
  it("takes over statuses, banner and freshness", () => {
    const page = STATUS_PAGES.fine();
    const live = withLive(page, liveOf(page, "42", { 1: "major_outage" }));
    expect(live.groups[0]?.components[1]).toMatchObject({ status: "major_outage", statusSince: iso(0) });
    expect(live.groups[0]?.components[0]).toBe(page.groups[0]?.components[0]);
    expect(live.indicator.level).toBe("major");
  });

  it("forgets a fault whose status is over", () => {
    const page = STATUS_PAGES.outage();
    expect(withLive(page, liveOf(page, "42")).groups[0]?.components[1]?.fault).toBeNull();
  });

  it("ignores a poll that is older than the page", () => {
    const page = STATUS_PAGES.fine();
    expect(withLive(page, liveOf(page, "40", { 1: "major_outage" }))).toBe(page);
  });

  it("compares versions as numbers", () => {
    expect(isNewer({ version: "10" }, { version: "9" })).toBe(true);
    expect(isNewer({ version: "9" }, { version: "9" })).toBe(false);
  });
});

describe("announcements", () => {
  const before = STATUS_PAGES.fine();
  const say = (change: Partial<Record<number, ComponentStatus>>) =>
    announcement(
      statusesOf(before),
      statusesOf(withLive(before, liveOf(before, "42", change))),
      "Partial System Outage",
    );

  it("stay silent when no status changed", () => expect(say({})).toBe(""));
  it("name what changed", () => {
    expect(say({ 1: "major_outage", 2: "degraded_performance" })).toBe(
      "Checkout: Major outage and Search: Degraded performance. Partial System Outage.",
    );
  });
  it("count when much changed", () => {
    expect(say({ 0: "major_outage", 1: "major_outage", 2: "major_outage", 3: "major_outage" })).toBe(
      "4 components changed. Partial System Outage.",
    );
  });
});

const fresh = { checkedAt: iso(30_000), stale: false };

describe("doubt", () => {
  it("begins with stale results at once", () =>
    expect(isDoubtful({ ...fresh, stale: true }, "live", NOW)).toBe(true));
  it("forgives a failed poll but not two minutes", () => {
    expect(isDoubtful(fresh, "lost", NOW)).toBe(false);
    expect(isDoubtful(fresh, "lost", NOW + 120_000)).toBe(true);
  });
});

describe("an answer that a cache keeps giving", () => {
  it("is old after two minutes, and fresh without an age", () => {
    expect([null, "0", "120", "121", "nonsense"].map(isOldAnswer)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });
  it("raises doubt like a lost connection", () => {
    expect(isDoubtful(fresh, "old", NOW + 120_000)).toBe(true);
  });
});

describe("retries", () => {
  it("double up to a minute, with jitter on top", () => {
    expect([1, 2, 3, 9].map((attempt) => retryDelay(attempt, 0))).toEqual([3_000, 6_000, 12_000, 60_000]);
    expect(retryDelay(1, 0.999)).toBeLessThan(3_750);
  });
});

describe("words", () => {
  it("join quiet days and keep days with incidents", () => {
    const something = [incident("Something")];
    const runs = recentRuns([
      { day: "2026-03-04", incidents: [] },
      { day: "2026-03-03", incidents: something },
      { day: "2026-03-02", incidents: [] },
      { day: "2026-03-01", incidents: [] },
    ]);
    expect(runs).toEqual([
      { kind: "quiet", from: "2026-03-04", to: "2026-03-04" },
      { kind: "day", day: "2026-03-03", incidents: something },
      { kind: "quiet", from: "2026-03-01", to: "2026-03-02" },
    ]);
  });

  it("say what a gateway does", () => {
    expect(faultPhrase(fault("bad_gateway", 502))).toBe("nginx answers 502 Bad Gateway");
    expect(faultPhrase(fault("server_error", 500, { gateway: null }))).toBe("It answers 500");
  });

  it("sum up a row of days for those who do not see it", () => {
    expect(barSummary(component("A", { days: "oomd-", uptime: 0.99 }))).toBe(
      "Last 5 days: 1 day with a major outage, 1 day with degraded performance and 1 day without data. Uptime 99.00%.",
    );
    expect(barSummary(component("A", { days: "ooo", uptime: 1 }))).toBe(
      "Last 3 days: every day was fine. Uptime 100%.",
    );
  });
});
