import { afterAll, beforeAll, expect, it } from "vitest";

import type { Transition } from "#lib/model/belief.ts";
import { healthOf, type Outcome } from "#lib/model/outcome.ts";
import { readComponentPage } from "#lib/public/component-page.ts";
import { readStatusPage } from "#lib/public/status-page.ts";
import { applyTransitions } from "#lib/store/check-states.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { ensureRegion } from "#lib/store/regions.ts";
import { storeResults } from "#lib/store/results.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let test: TestDatabase;
const now = Date.now();
const NOTHING_YET = { health: "unknown", outcome: "unknown", since: 0, lastSlotAt: null } as const;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** A component with one check that these regions look at, each of which has seen it up. */
async function watched(slug: string, quorum: string, regions: readonly string[]) {
  const component = await test.db.component.create({
    data: {
      slug,
      name: slug,
      checks: {
        create: {
          name: "front",
          kind: "http",
          target: {},
          intervalMs: 10_000,
          timeoutMs: 1_000,
          quorum,
          regions: [...regions],
        },
      },
    },
    include: { checks: true },
  });
  const checkNumber = component.checks[0]?.number ?? -1;
  const beliefs = new Map<string, Transition["from"]>();
  const see = async (region: string, outcome: Outcome, at: number): Promise<void> => {
    const { id: regionId } = await ensureRegion(test.db, region);
    const timings = { dns: null, connect: 1, tls: null, firstByte: 1, total: 2 };
    const evidence = null;
    await storeResults(test.db, [
      { checkNumber, regionId, slotAt: at, outcome, httpStatus: null, timings, evidence },
    ]);
    const from = beliefs.get(region) ?? NOTHING_YET;
    const to = { health: healthOf(outcome), outcome };
    await applyTransitions(test.db, [{ checkNumber, regionId, from, to, at }]);
    beliefs.set(region, { ...to, since: at, lastSlotAt: at });
  };
  for (const region of regions) await see(region, "up", now - 60_000);
  return {
    see,
    status: async () => (await test.db.component.findUniqueOrThrow({ where: { id: component.id } })).status,
    episode: () => test.db.errorEpisode.findFirst({ where: { componentId: component.id } }),
  };
}

it("shows what one region sees alone, and goes down when the majority does", async () => {
  const regions = ["asia", "eu-west", "us-east"];
  const check = await watched("api", "majority", regions);
  const before = await readPublicVersion(test.db);
  await check.see("eu-west", "bad_gateway", now - 50_000);
  expect(await check.status()).toBe("operational");
  expect(await check.episode()).toBeNull();
  // visitors are shown the vote: what is cached is out of date
  expect(await readPublicVersion(test.db)).toBe(before + 1n);
  const page = await readStatusPage(test.db, { now });
  expect(page.regions.minorities).toMatchObject([
    { slug: "api", regions: ["eu-west"], of: 3, outcome: "bad_gateway" },
  ]);
  const component = await readComponentPage(test.db, "api", { now });
  expect(component?.regions.lines.map(({ region, health }) => `${region} ${health}`)).toEqual([
    "asia up",
    "eu-west down",
    "us-east up",
  ]);

  await check.see("asia", "bad_gateway", now - 40_000);
  expect(await check.status()).toBe("major_outage");
  const votes = (...outcomes: Outcome[]) =>
    regions.map((region, i) => {
      const outcome = outcomes[i] ?? "unknown";
      return { region, health: healthOf(outcome), outcome };
    });
  expect(await check.episode()).toMatchObject({ votes: votes("bad_gateway", "bad_gateway", "up") });
  await check.see("us-east", "bad_gateway", now - 30_000);
  expect(await check.episode()).toMatchObject({
    regions,
    votes: votes("bad_gateway", "bad_gateway", "bad_gateway"),
  });
  expect((await readStatusPage(test.db, { now })).regions.minorities).toEqual([]);
});

it("follows a check's own rule", async () => {
  const [any, all] = await Promise.all([
    watched("any", "any", ["asia", "eu-west"]),
    watched("all", "all", ["asia", "eu-west"]),
  ]);
  for (const check of [any, all]) await check.see("asia", "connect_timeout", now - 20_000);
  expect([await any.status(), await all.status()]).toEqual(["major_outage", "operational"]);
  // a region that cannot look has no vote
  await all.see("eu-west", "unknown", now - 10_000);
  expect(await all.status()).toBe("major_outage");
  const { regions } = (await readComponentPage(test.db, "all", { now })) ?? {};
  expect(regions?.lines.map(({ region, health }) => `${region} ${health}`)).toEqual([
    "asia down",
    "eu-west unknown",
  ]);
});
