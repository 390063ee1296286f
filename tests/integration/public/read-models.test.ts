import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { DAY, HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { outcomeCode } from "#lib/model/outcome.ts";
import { readComponentPage } from "#lib/public/component-page.ts";
import { readErrorsPage } from "#lib/public/errors-page.ts";
import { readEpisodes, readErrorDays } from "#lib/public/gateway-errors.ts";
import { readIncidentPage } from "#lib/public/incident-page.ts";
import { readLiveState } from "#lib/public/live-state.ts";
import { readStatusPage } from "#lib/public/status-page.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { seedHistory } from "#tests/support/seed-history.ts";

const NOW = Date.UTC(2026, 2, 10, 12, 0, 30);
const at = (ms: number) => new Date(NOW + ms);

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.db
    .$executeRaw`TRUNCATE page_settings, component_groups, components, checks, incidents, maintenances, regions CASCADE`;
});

async function component(
  name: string,
  more: Partial<{
    status: "operational" | "major_outage" | "unknown";
    archivedAt: Date;
    groupId: string;
    onlyShowIfDegraded: boolean;
  }> = {},
) {
  return test.db.component.create({
    data: { name, slug: name.toLowerCase(), status: "operational", statusSince: at(-DAY), ...more },
  });
}

async function watched(componentId: string, lastSlotAt = at(-5 * SECOND)) {
  const region = await test.db.region.upsert({
    where: { name: "local" },
    create: { name: "local" },
    update: {},
  });
  const check = await test.db.check.create({
    data: {
      componentId,
      name: "front door",
      kind: "http",
      target: {},
      intervalMs: 10_000,
      timeoutMs: 5_000,
      createdAt: at(-DAY),
      updatedAt: at(-DAY),
    },
  });
  await test.db.checkState.create({
    data: {
      checkNumber: check.number,
      regionId: region.id,
      health: "up",
      outcome: 0,
      since: at(-DAY),
      lastSlotAt,
      lastOutcome: 0,
    },
  });
  return { ...check, regionId: region.id };
}

async function episode(
  componentId: string,
  checkId: string,
  startedAt: Date,
  code: 502 | 504,
  endedAt: Date | null = null,
) {
  return test.db.errorEpisode.create({
    data: {
      componentId,
      checkId,
      startedAt,
      endedAt,
      httpStatus: code,
      gateway: "nginx",
      checks: 3,
      failures: 3,
      regions: ["local"],
      outcome: outcomeCode(code === 502 ? "bad_gateway" : "gateway_timeout"),
    },
  });
}

describe("readStatusPage", () => {
  it("shows an empty page without claiming anything", async () => {
    const page = await readStatusPage(test.db, { now: NOW });
    expect(page.indicator.level).toBe("unknown");
    expect([page.groups, page.openIncidents, page.maintenances]).toEqual([[], [], []]);
    expect(page.recent.map(({ day }) => day).slice(0, 2)).toEqual(["2026-03-10", "2026-03-09"]);
    expect(page.recent).toHaveLength(14);
  });

  it("draws the bar and the uptime from spans", async () => {
    const { id } = await component("API");
    await watched(id);
    await test.db.statusSpan.createMany({
      data: [
        { componentId: id, status: "operational", startsAt: at(-200 * DAY), endsAt: at(-100 * DAY) },
        { componentId: id, status: "operational", startsAt: at(-100 * DAY), endsAt: at(-2 * DAY) },
        { componentId: id, status: "major_outage", startsAt: at(-2 * DAY), endsAt: at(-2 * DAY + HOUR) },
        { componentId: id, status: "operational", startsAt: at(-2 * DAY + HOUR), endsAt: null },
      ],
    });
    const page = await readStatusPage(test.db, { now: NOW });
    const api = page.groups[0]?.components[0];
    expect(page.firstDay).toBe("2025-12-11");
    expect(api?.days).toBe(`${"o".repeat(87)}moo`);
    expect(api?.trouble).toEqual([{ day: 87, minutes: 60 }]);
    const window = NOW - Date.UTC(2025, 11, 11);
    expect(api?.uptime).toBeCloseTo(1 - HOUR / window, 10);
    expect(page.indicator.level).toBe("none");
  });

  it("tells what a failing component fails with", async () => {
    const { id } = await component("API", { status: "major_outage" });
    const check = await watched(id);
    await episode(id, check.id, at(-MINUTE), 502);
    const page = await readStatusPage(test.db, { now: NOW });
    expect(page.indicator).toEqual({ level: "critical", description: "Major System Outage" });
    expect(page.groups[0]?.components[0]?.fault).toEqual({
      outcome: "bad_gateway",
      code: 502,
      gateway: "nginx",
      kind: null,
      since: at(-MINUTE).toISOString(),
      summary: "nginx answers 502 Bad Gateway.",
    });
  });

  it("claims nothing when nobody looks any more, except what people said", async () => {
    const [api, web] = [await component("API"), await component("Web")];
    await watched(api.id, at(-10 * MINUTE));
    await watched(web.id, at(-10 * MINUTE));
    await test.db.statusSpan.create({
      data: { componentId: api.id, status: "operational", startsAt: at(-2 * DAY) },
    });
    const silent = await readStatusPage(test.db, { now: NOW });
    expect(silent.freshness).toEqual({ checkedAt: "2026-03-10T11:50:00.000Z", stale: true });
    expect(silent.indicator).toEqual({ level: "unknown", description: "No current data" });
    expect(silent.groups[0]?.components.map(({ status }) => status)).toEqual(["unknown", "unknown"]);
    await test.db.incident.create({
      data: {
        code: "i1",
        name: "Down",
        status: "investigating",
        impact: "critical",
        startedAt: at(-MINUTE),
        components: { create: { componentId: web.id, status: "major_outage" } },
      },
    });
    const said = await readStatusPage(test.db, { now: NOW });
    expect(said.groups[0]?.components.map(({ status }) => status)).toEqual(["unknown", "major_outage"]);
    expect(said.indicator.level).toBe("major");
  });

  it("groups components, and leaves out what is archived or fine and wished away", async () => {
    const group = await test.db.componentGroup.create({ data: { name: "Core" } });
    const gone = await test.db.componentGroup.create({ data: { name: "Gone", archivedAt: at(0) } });
    await component("API", { groupId: group.id });
    await component("Old", { archivedAt: at(-DAY), groupId: group.id });
    await component("Alone");
    await component("Orphan", { groupId: gone.id });
    await component("Quiet", { onlyShowIfDegraded: true });
    await component("Loud", { onlyShowIfDegraded: true, status: "major_outage" });
    const { groups } = await readStatusPage(test.db, { now: NOW });
    expect(groups.map(({ name, components }) => [name, components.map((each) => each.name)])).toEqual([
      [null, ["Alone", "Loud", "Orphan"]],
      ["Core", ["API"]],
    ]);
  });

  it("lists incidents by the day they began, open ones as well, and never their authors", async () => {
    const { id } = await component("API");
    const old = await component("Old", { archivedAt: at(-DAY) });
    const author = await test.db.user.create({ data: { name: "Somebody", email: "somebody@example.com" } });
    await test.db.incident.create({
      data: {
        code: "open1",
        name: "Open",
        status: "identified",
        impact: "minor",
        startedAt: at(-DAY),
        createdById: author.id,
        components: {
          create: [
            { componentId: id, status: "degraded_performance" },
            { componentId: old.id, status: "major_outage" },
          ],
        },
        updates: {
          create: [
            { status: "investigating", body: "Looking", displayAt: at(-DAY), authorId: author.id },
            { status: "identified", body: "**Found**<script>", displayAt: at(-HOUR), authorId: author.id },
          ],
        },
      },
    });
    await test.db.incident.create({
      data: {
        code: "past1",
        name: "Past",
        status: "resolved",
        impact: "none",
        startedAt: at(-20 * DAY),
        resolvedAt: at(-19 * DAY),
      },
    });
    const page = await readStatusPage(test.db, { now: NOW });
    expect(page.openIncidents.map(({ code }) => code)).toEqual(["open1"]);
    expect(page.recent.flatMap(({ day, incidents }) => incidents.map(({ code }) => [day, code]))).toEqual([
      ["2026-03-09", "open1"],
    ]);
    expect(page.openIncidents[0]?.components.map(({ name }) => name)).toEqual(["API"]);
    expect(page.openIncidents[0]?.updates.map(({ html }) => html)).toEqual([
      "<p><strong>Found</strong></p>",
      "<p>Looking</p>",
    ]);
    expect(JSON.stringify(page)).not.toContain("omebody");
    await test.db.user.delete({ where: { id: author.id } });
    expect((await readIncidentPage(test.db, "past1"))?.subject.type).toBe("incident");
    expect(await readIncidentPage(test.db, "nothing")).toBeNull();
  });

  it("puts maintenance in progress first", async () => {
    const plan = (code: string, status: "scheduled" | "in_progress", from: number) =>
      test.db.maintenance.create({
        data: { code, name: code, status, scheduledFor: at(from), scheduledUntil: at(from + HOUR) },
      });
    await plan("later", "scheduled", 2 * DAY);
    await plan("soon", "scheduled", -HOUR);
    await plan("now", "in_progress", -MINUTE);
    const { maintenances } = await readStatusPage(test.db, { now: NOW });
    expect(maintenances.map(({ code }) => code)).toEqual(["now", "soon", "later"]);
    expect((await readIncidentPage(test.db, "now"))?.subject.type).toBe("maintenance");
  });
});

describe("gateway errors", () => {
  it("counts by day from the rollup, all checks and regions together", async () => {
    const { id } = await component("API");
    const check = await watched(id);
    const other = await test.db.region.create({ data: { name: "other" } });
    const outcomes = [2_000, 0, 5, 0, 7];
    for (const regionId of [check.regionId, other.id]) {
      await test.db.rollupDay.create({
        data: {
          checkNumber: check.number,
          regionId,
          startsAt: new Date("2026-03-09T00:00:00Z"),
          total: 2_012,
          outcomes,
          latency: [0, 0, 10],
          latencySum: 0n,
        },
      });
    }
    const page = await readErrorsPage(test.db, { now: NOW });
    const day = {
      day: "2026-03-09",
      checks: 4_024,
      badGateway: 10,
      serviceUnavailable: 0,
      gatewayTimeout: 14,
    };
    expect(page.components[0]?.errors).toEqual([day]);
    expect(page.totals).toEqual({ badGateway: 10, gatewayTimeout: 14, episodes: 0, medianDurationMs: null });
    const daily = await readErrorDays(test.db, { component: "api", days: 7, now: NOW });
    expect(daily).toEqual({
      from: "2026-03-04",
      to: "2026-03-10",
      components: [{ id, slug: "api", name: "API", days: [day] }],
    });
  });

  it("pages through episodes without losing or repeating one", async () => {
    const [api, web] = [await component("API"), await component("Web")];
    const [one, two] = [await watched(api.id), await watched(web.id)];
    // the same start for all, so that the id decides
    for (let i = 0; i < 5; i += 1) await episode(api.id, one.id, at(-HOUR), 502, at(-HOUR + MINUTE));
    await episode(web.id, two.id, at(-MINUTE), 504);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await readEpisodes(test.db, { limit: 2, cursor });
      seen.push(...page.episodes.map(({ id }) => id));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
    expect(
      (await readEpisodes(test.db, { limit: 10, code: 504 })).episodes.map(({ component: name }) => name),
    ).toEqual(["Web"]);
    expect((await readEpisodes(test.db, { limit: 10, component: api.id })).episodes).toHaveLength(5);
    expect(
      (await readEpisodes(test.db, { limit: 10, from: at(-HOUR), to: at(-MINUTE) })).episodes,
    ).toHaveLength(5);
    await expect(readEpisodes(test.db, { limit: 10, component: "none" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    const { totals } = await readErrorsPage(test.db, { now: NOW });
    expect(totals).toMatchObject({ episodes: 6, medianDurationMs: MINUTE });
  });

  it("forgets an archived component", async () => {
    const old = await component("Old", { archivedAt: at(-DAY) });
    const check = await watched(old.id);
    await episode(old.id, check.id, at(-HOUR), 502);
    expect((await readEpisodes(test.db, { limit: 10 })).episodes).toEqual([]);
    expect((await readErrorsPage(test.db, { now: NOW })).episodes).toEqual([]);
    expect(await readComponentPage(test.db, "old", { now: NOW })).toBeNull();
  });
});

describe("readComponentPage", () => {
  it("has hours and days with their gaps, and percentiles", async () => {
    const { id } = await component("API");
    const check = await watched(id);
    const latency = Array.from({ length: 68 }, (_, bucket) => (bucket === 24 ? 100 : 0));
    await test.db.rollupHour.create({
      data: {
        checkNumber: check.number,
        regionId: check.regionId,
        startsAt: new Date("2026-03-10T11:00:00Z"),
        total: 110,
        outcomes: [100, 0, 10],
        latency,
        latencySum: 0n,
      },
    });
    const page = await readComponentPage(test.db, "api", { now: NOW });
    expect(page?.hours).toHaveLength(24);
    expect(page?.daily).toHaveLength(90);
    expect(page?.hours[22]).toEqual({
      at: "2026-03-10T11:00:00.000Z",
      p50: 70,
      p95: 76,
      checks: 110,
      failures: 10,
    });
    expect(page?.hours[23]).toEqual({
      at: "2026-03-10T12:00:00.000Z",
      p50: null,
      p95: null,
      checks: 0,
      failures: 0,
    });
    expect(page?.latency24h).toEqual({ p50: 70, p95: 76 });
    expect(page?.checks).toEqual([{ name: "front door", kind: "http", intervalMs: 10_000 }]);
  });

  it("says of a check what it does not see, and nothing of its target", async () => {
    const { id } = await component("API");
    const check = await watched(id);
    const target = { url: "https://inside.example.test/", reuseConnection: true };
    await test.db.check.update({ where: { id: check.id }, data: { target } });
    const page = await readComponentPage(test.db, "api", { now: NOW });
    expect(page?.checks[0]?.note).toMatch(/^Keeps its connection between looks: /);
    expect(JSON.stringify(page?.checks)).not.toContain("inside");
  });
});

describe("cost", () => {
  it("stays small with 50 components and 90 days, and the poll under 2 KB compressed for 20", async () => {
    await seedHistory(test.db, { components: 50, days: 90, now: NOW });
    await readStatusPage(test.db, { now: NOW });
    const times: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const began = performance.now();
      await readStatusPage(test.db, { now: NOW });
      times.push(performance.now() - began);
    }
    // the fastest one, because whatever else the machine does only ever adds to it
    const fastest = Math.min(...times);
    console.info(`status page of 50 components: ${fastest.toFixed(1)} ms`);
    // some 20 ms on a quiet machine; the bound only catches a query that reads everything
    expect(fastest).toBeLessThan(500);
    const live = await readLiveState(test.db, { now: NOW });
    const twenty = JSON.stringify({ ...live, components: live.components.slice(0, 20) });
    const { gzipSync } = await import("node:zlib");
    expect(gzipSync(twenty).length).toBeLessThan(2_048);
    expect(JSON.stringify(await readLiveState(test.db, { now: NOW + 5 * SECOND }))).toBe(
      JSON.stringify(live),
    );
  }, 60_000);
});
