import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { DAY, HOUR } from "#lib/base/clock.ts";
import { uptime } from "#lib/model/uptime.ts";
import { removeSample } from "#lib/sample/remove.ts";
import { runSample } from "#lib/sample/run.ts";
import { setUpSample } from "#lib/sample/set-up.ts";
import { settleSample } from "#lib/sample/settle.ts";
import { historyStart } from "#lib/sample/troubles.ts";
import { isUntouched, sampleIsSet } from "#lib/store/sample.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

// a Wednesday afternoon, in the middle of a slot
const NOW = Date.UTC(2026, 10, 18, 15, 42, 7, 300);
const EMBEDDED = { embedded: true, configured: false, wanted: true, region: "local" } as const;

let test_: TestDatabase;
beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());

beforeEach(async () => {
  const { db } = test_;
  await removeSample(db);
  await db.component.deleteMany();
  await db.componentGroup.deleteMany();
  await db.incident.deleteMany();
  await db.auditEntry.deleteMany();
});

describe("the generated history", () => {
  test("is set up in a few seconds and gives every component an uptime, bars and charts", async () => {
    const { db } = test_;
    const began = performance.now();
    expect(await setUpSample(db, "local", NOW)).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    const components = await db.component.findMany({
      include: { spans: { orderBy: { startsAt: "asc" } }, checks: true, group: true },
    });
    expect(components.length).toBeGreaterThanOrEqual(6);
    expect(new Set(components.map(({ groupId }) => groupId)).size).toBeGreaterThanOrEqual(2);
    for (const component of components) {
      expect(component.managedBy).toBe("sample");
      const spans = component.spans.map((span) => ({
        status: span.status,
        startsAt: span.startsAt.getTime(),
        endsAt: span.endsAt?.getTime() ?? null,
      }));
      const from = historyStart(NOW);
      const { ratio, spent } = uptime(spans, from, NOW);
      expect(spent.unknown).toBe(0);
      expect(ratio).toBeGreaterThan(0.99);
      expect(ratio).toBeLessThanOrEqual(1);
      // without gaps, from the first day until now
      expect(spans[0]?.startsAt).toBe(from);
      for (const [i, span] of spans.entries()) expect(span.endsAt).toBe(spans[i + 1]?.startsAt ?? null);
      const check = component.checks[0];
      const days = await db.rollupDay.findMany({ where: { checkNumber: check?.number ?? 0 } });
      const hours = await db.rollupHour.findMany({ where: { checkNumber: check?.number ?? 0 } });
      expect(days).toHaveLength(90);
      expect(hours.length).toBeGreaterThanOrEqual(7 * 24);
      for (const row of [...days, ...hours])
        expect(row.outcomes.reduce((sum, n) => sum + n, 0)).toBe(row.total);
    }
    expect(components.some(({ spans }) => spans.length > 1)).toBe(true);
  });

  test("counts, spans and episodes tell the same story", async () => {
    const { db } = test_;
    await setUpSample(db, "local", NOW);
    const episodes = await db.errorEpisode.findMany({ include: { check: true } });
    expect(new Set(episodes.map(({ httpStatus }) => httpStatus))).toEqual(new Set([502, 504]));
    expect(episodes.every(({ gateway }) => gateway === "Gatewatch sample proxy")).toBe(true);
    expect(episodes.every(({ cause, answeredBy }) => cause !== null && answeredBy === "edge")).toBe(true);
    for (const status of [502, 504]) {
      const code = status === 502 ? 2 : 4;
      const counted = (await db.rollupDay.findMany()).reduce(
        (sum, { outcomes }) => sum + (outcomes[code] ?? 0),
        0,
      );
      const inEpisodes = episodes
        .filter(({ httpStatus }) => httpStatus === status)
        .reduce((sum, { failures }) => sum + failures, 0);
      expect(counted).toBe(inEpisodes);
      expect(counted).toBeGreaterThan(0);
    }
    for (const episode of episodes) {
      const span = await db.statusSpan.findFirst({
        where: { componentId: episode.componentId, startsAt: episode.startedAt },
      });
      expect(span).toMatchObject({ status: "major_outage", endsAt: episode.endedAt });
    }
    const hours = await db.rollupHour.groupBy({
      by: ["checkNumber"],
      where: { startsAt: { gte: new Date(Math.floor(NOW / DAY) * DAY) } },
      _sum: { total: true },
    });
    const today = await db.rollupDay.findMany({ where: { startsAt: new Date(Math.floor(NOW / DAY) * DAY) } });
    for (const day of today)
      expect(hours.find(({ checkNumber }) => checkNumber === day.checkNumber)?._sum.total).toBe(day.total);
  });

  test("has enough of a past to say how long what fails next will take", async () => {
    const { db } = test_;
    await setUpSample(db, "local", NOW);
    for (const [slug, httpStatus] of [
      ["sample-checkout-api", 502],
      ["sample-search", 504],
    ] as const) {
      expect(await db.errorEpisode.count({ where: { component: { slug }, httpStatus } })).toBeGreaterThan(8);
    }
  });

  test("has past incidents with updates, one of them in the last 14 days, and a past and a coming maintenance", async () => {
    const { db } = test_;
    await setUpSample(db, "local", NOW);
    const incidents = await db.incident.findMany({ include: { updates: true, components: true } });
    expect(incidents.length).toBeGreaterThanOrEqual(3);
    expect(incidents.every(({ updates, components }) => updates.length >= 3 && components.length > 0)).toBe(
      true,
    );
    expect(incidents.some(({ startedAt }) => startedAt.getTime() > NOW - 14 * DAY)).toBe(true);
    expect(
      incidents.every(({ resolvedAt }) => resolvedAt !== null && resolvedAt.getTime() < NOW - HOUR),
    ).toBe(true);
    const maintenances = await db.maintenance.findMany({ orderBy: { scheduledFor: "asc" } });
    expect(maintenances.map(({ status }) => status)).toEqual(["completed", "scheduled"]);
    expect(maintenances[1]?.scheduledFor.getTime()).toBeGreaterThan(NOW);
  });
});

describe("when there is a sample", () => {
  test("two starts at once make one", async () => {
    const { db } = test_;
    const made = await Promise.all([setUpSample(db, "local", NOW), setUpSample(db, "local", NOW)]);
    expect(new Set(made)).toEqual(new Set([false, true]));
    expect(await db.component.count({ where: { name: "Web shop" } })).toBe(1);
  });

  test.each([
    ["a database of one's own", { ...EMBEDDED, embedded: false }],
    ["a gatewatch.yaml", { ...EMBEDDED, configured: true }],
    ["GATEWATCH_SAMPLE=off", { ...EMBEDDED, wanted: false }],
  ])("never with %s", async (_, wish) => {
    const { db } = test_;
    expect(await settleSample(db, wish)).toBe(false);
    expect(await sampleIsSet(db)).toBe(false);
  });

  test("not beside components that somebody made, archived ones included", async () => {
    const { db } = test_;
    await db.component.create({ data: { slug: "mine", name: "Mine", archivedAt: new Date() } });
    expect(await settleSample(db, EMBEDDED)).toBe(false);
    expect(await db.component.count()).toBe(1);
  });

  test("a sample that is not wanted any more goes at the next start, and stays away", async () => {
    const { db } = test_;
    expect(await settleSample(db, EMBEDDED)).toBe(true);
    expect(await settleSample(db, { ...EMBEDDED, configured: true })).toBe(false);
    expect(await sampleIsSet(db)).toBe(false);
    expect(await settleSample(db, EMBEDDED)).toBe(false);
    expect(await isUntouched(db)).toBe(false);
  });
});

test("removal leaves no row of the sample and every row of others", async () => {
  const { db } = test_;
  await setUpSample(db, "local", NOW);
  const group = await db.componentGroup.findFirstOrThrow({ where: { managedBy: "sample" } });
  const region = await db.region.findUniqueOrThrow({ where: { name: "local" } });
  const mine = await db.component.create({
    data: {
      slug: "mine",
      name: "Mine",
      groupId: group.id,
      checks: { create: { name: "c", kind: "http", target: {}, intervalMs: 10_000, timeoutMs: 5_000 } },
    },
    include: { checks: true },
  });
  const theirs = await db.component.findFirstOrThrow({
    where: { managedBy: "sample" },
    include: { checks: true },
  });
  const day = new Date(Math.floor(NOW / DAY) * DAY);
  await db.$executeRawUnsafe(
    `CREATE TABLE IF NOT EXISTS results_sample_test PARTITION OF results FOR VALUES FROM ('${day.toISOString()}') TO ('${new Date(day.getTime() + DAY).toISOString()}')`,
  );
  for (const number of [mine.checks[0]?.number ?? 0, theirs.checks[0]?.number ?? 0]) {
    const ms = { dnsMs: 1, connectMs: 1, tlsMs: -1, firstByteMs: 1, totalMs: 3 };
    await db.result.create({
      data: {
        slotAt: new Date(NOW),
        checkNumber: number,
        regionId: region.id,
        outcome: 0,
        httpStatus: 200,
        ...ms,
      },
    });
  }
  const incident = await db.incident.create({
    data: {
      code: "mine",
      name: "Mine",
      status: "investigating",
      impact: "minor",
      startedAt: new Date(NOW),
      components: {
        create: [
          { componentId: mine.id, status: "degraded_performance" },
          { componentId: theirs.id, status: "degraded_performance" },
        ],
      },
    },
  });

  expect(await removeSample(db)).toBe(true);

  expect(await db.component.findMany({ select: { id: true, groupId: true } })).toEqual([
    { id: mine.id, groupId: null },
  ]);
  for (const count of [
    db.statusSpan.count(),
    db.errorEpisode.count(),
    db.rollupDay.count(),
    db.rollupHour.count(),
    db.checkState.count(),
    db.maintenance.count(),
    db.componentGroup.count(),
    db.pageSettings.count(),
    db.incident.count({ where: { managedBy: "sample" } }),
  ]) {
    expect(await count).toBe(0);
  }
  expect(await db.result.findMany({ select: { checkNumber: true } })).toEqual([
    { checkNumber: mine.checks[0]?.number },
  ]);
  expect(
    await db.incidentComponent.findMany({
      where: { incidentId: incident.id },
      select: { componentId: true },
    }),
  ).toEqual([{ componentId: mine.id }]);
  expect(await removeSample(db)).toBe(false);
});

test("the servers write their address into the checks, and notice that the sample was removed", async () => {
  const { db } = test_;
  expect(await settleSample(db, EMBEDDED)).toBe(true);
  expect(await db.check.count({ where: { enabled: true } })).toBe(0);
  const running = await runSample(db);
  try {
    const checks = await db.check.findMany({ include: { component: true } });
    for (const { target, component, enabled } of checks) {
      expect(enabled).toBe(true);
      expect(target).toEqual({ url: `${running.address}/${component.slug}` });
    }
    const response = await fetch(`${running.address}/${checks[0]?.component.slug}`);
    expect(response.status).toBe(200);
    await removeSample(db);
    await running.removed;
  } finally {
    await running.stop();
  }
  await expect(fetch(running.address)).rejects.toThrow();
});
