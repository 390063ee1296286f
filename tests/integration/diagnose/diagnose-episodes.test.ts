import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { MINUTE, SECOND } from "#lib/base/clock.ts";
import { uuidv7 } from "#lib/base/id.ts";
import { diagnoseEpisodes } from "#lib/diagnose/diagnose-episodes.ts";
import { outcomeCode } from "#lib/model/outcome.ts";
import { openPipeline } from "#lib/pipeline.ts";
import { readCauseFacts } from "#lib/store/cause-facts.ts";
import { readWatchedChecks } from "#lib/store/checks.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { ensureRegion } from "#lib/store/regions.ts";
import { ensurePartitionsAhead } from "#lib/store/partitions.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { closedPort } from "#tests/support/fake-upstream.ts";
import { addComponent } from "#tests/support/people.ts";

import { eventually, quiet } from "../schedule/house.ts";

const START = new Date("2026-03-10T12:00:00.000Z");
const after = (ms: number) => new Date(START.getTime() + ms);

let test_: TestDatabase;
let componentId: string;
let check: { id: string; number: number };
beforeAll(async () => {
  test_ = await createTestDatabase();
  componentId = await addComponent(test_.db, "Shop");
  check = await test_.db.check.create({
    data: {
      componentId,
      name: "front door",
      kind: "http",
      target: { url: `http://127.0.0.1:${await closedPort()}/` },
      intervalMs: 10_000,
      timeoutMs: 1_000,
      confirmMs: [],
    },
  });
});
afterAll(() => test_.drop());
beforeEach(() => test_.db.errorEpisode.deleteMany());

async function openEpisode(startedAt: Date, endedAt: Date | null = null): Promise<string> {
  const id = uuidv7();
  const evidence = {
    outcome: "client_error",
    httpStatus: 403,
    headers: {},
    bodyStart: "",
    timings: { total: 4 },
  };
  await test_.db.errorEpisode.create({
    data: {
      id,
      componentId,
      checkId: check.id,
      outcome: outcomeCode("client_error"),
      startedAt,
      endedAt,
      checks: 3,
      failures: 3,
      regions: ["local"],
      firstEvidence: evidence,
      lastEvidence: evidence,
    },
  });
  return id;
}

const read = (id: string) => test_.db.errorEpisode.findUniqueOrThrow({ where: { id } });
const version = () => readPublicVersion(test_.db);

describe("which other checks speak to the same host", () => {
  const KINDS = {
    "http 6": { url: "https://[2001:db8::1]:8443/health" },
    "tcp 6": { host: "2001:DB8::1", port: 25 },
    "http other 6": { url: "https://[2001:db8::2]/" },
    "http name": { url: "HTTPS://Shop.example.com/" },
    "websocket name": { url: "wss://shop.example.com:444/live" },
    "pool name": { front: { url: "https://shop.example.com/?a" }, members: [] },
    "http other name": { url: "https://example.com/shop.example.com" },
    push: { everyMs: 1_000 },
  };

  test.each<[keyof typeof KINDS, string[]]>([
    ["http 6", ["tcp 6"]],
    ["http name", ["websocket name", "pool name"]],
    ["push", []],
  ])("as %s", async (asked, expected) => {
    const test2 = await createTestDatabase();
    try {
      const own = await addComponent(test2.db, "Shop");
      const region = await ensureRegion(test2.db, "local");
      // told apart by their outcome
      const names = Object.keys(KINDS);
      const checks = new Map<string, string>();
      for (const [name, target] of Object.entries(KINDS)) {
        const row = await test2.db.check.create({
          data: { componentId: own, name, kind: name, target, intervalMs: 10_000, timeoutMs: 1_000 },
        });
        checks.set(name, row.id);
        await test2.db.checkState.create({
          data: {
            checkNumber: row.number,
            regionId: region.id,
            outcome: names.indexOf(name),
            lastOutcome: 0,
            since: START,
            lastSlotAt: START,
          },
        });
      }
      const episode = await test2.db.errorEpisode.create({
        data: {
          componentId: own,
          checkId: checks.get(asked) ?? "",
          outcome: outcomeCode("bad_gateway"),
          startedAt: START,
          checks: 1,
          failures: 1,
        },
      });
      const facts = await readCauseFacts(test2.db, episode, START);
      const same = facts?.neighbours.filter(({ sameHost }) => sameHost);
      expect(same?.map(({ outcome }) => names[outcomeCode(outcome)])).toEqual(expected);
      expect(facts?.neighbours).toHaveLength(names.length - 1);
    } finally {
      await test2.drop();
    }
  });
});

describe("thinking episodes over", () => {
  test("saves the cause and shows it to strangers; told again it changes nothing", async () => {
    const id = await openEpisode(START);
    const before = await version();
    expect(await diagnoseEpisodes(test_.db, after(5_000), { checkNumbers: [check.number] })).toBe(1);
    expect(await read(id)).toMatchObject({ cause: { kind: "firewall" }, diagnosedAt: after(5_000) });
    const shown = await version();
    expect(shown).toBe(before + 1n);
    expect(await diagnoseEpisodes(test_.db, after(6_000), { checkNumbers: [check.number] })).toBe(0);
    expect(await read(id)).toMatchObject({ diagnosedAt: after(6_000) });
    expect(await version()).toBe(shown);
  });

  test("several at once write it once", async () => {
    await openEpisode(START);
    const before = await version();
    const changed = await Promise.all(
      [1, 2, 3, 4].map(() => diagnoseEpisodes(test_.db, after(5_000), "due")),
    );
    expect(changed.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await version()).toBe(before + 1n);
  });

  test("of one that has ended: by what the regions believed while it lasted", async () => {
    const id = await openEpisode(START, after(MINUTE));
    const votes = [
      { region: "north", health: "down", outcome: "client_error" },
      { region: "south", health: "up", outcome: "up" },
    ];
    await test_.db.errorEpisode.update({ where: { id }, data: { votes } });
    const regions = await Promise.all(votes.map(({ region }) => ensureRegion(test_.db, region)));
    const now = after(MINUTE);
    await test_.db.checkState.createMany({
      data: regions.map((region) => ({
        checkNumber: check.number,
        regionId: region.id,
        health: "up" as const,
        outcome: 0,
        lastOutcome: 0,
        since: now,
        lastSlotAt: now,
      })),
    });
    await diagnoseEpisodes(test_.db, now, "due");
    await test_.db.checkState.deleteMany();
    const { cause } = await read(id);
    expect(cause).toMatchObject({
      evidence: expect.arrayContaining([
        expect.objectContaining({ rule: "some-regions-barred", text: "Only 1 region of 2 is turned away." }),
      ]),
    });
  });

  test("of one that has ended: by what failed with it, which is well again", async () => {
    const other = await addComponent(test_.db, "Search");
    const region = await ensureRegion(test_.db, "local");
    const row = await test_.db.check.create({
      data: { componentId: other, name: "b", kind: "tcp", target: {}, intervalMs: 10_000, timeoutMs: 1_000 },
    });
    const checkNumber = row.number;
    const at = { since: after(2 * MINUTE), lastSlotAt: after(2 * MINUTE) };
    await test_.db.checkState.create({
      data: { checkNumber, regionId: region.id, health: "up", outcome: 0, lastOutcome: 0, ...at },
    });
    const own = { componentId: other, checkId: row.id, checks: 3, failures: 3, endedAt: after(MINUTE) };
    const refused = outcomeCode("connection_refused");
    await test_.db.errorEpisode.create({ data: { ...own, outcome: refused, startedAt: after(20_000) } });
    const told = async (endedAt: Date | null) => {
      await test_.db.errorEpisode.deleteMany({ where: { checkId: check.id } });
      const episode = await read(await openEpisode(START, endedAt));
      return (await readCauseFacts(test_.db, episode, after(2 * MINUTE)))?.neighbours;
    };
    expect(await told(after(MINUTE))).toMatchObject([
      { health: "down", outcome: "connection_refused", since: after(20_000).getTime() },
    ]);
    // while it lasts, what is believed now counts
    expect(await told(null)).toMatchObject([{ health: "up", outcome: "up" }]);
    await test_.db.component.delete({ where: { id: other } });
  });

  test("what comes to light later changes it", async () => {
    const id = await openEpisode(START);
    await diagnoseEpisodes(test_.db, after(5_000), "due");
    await test_.db.maintenance.create({
      data: {
        id: uuidv7(),
        code: "later",
        name: "Upgrade",
        status: "in_progress",
        scheduledFor: after(-MINUTE),
        scheduledUntil: after(60 * MINUTE),
        startedAt: after(-MINUTE),
        components: { create: { componentId } },
      },
    });
    expect(await diagnoseEpisodes(test_.db, after(20_000), "due")).toBe(1);
    expect(await read(id)).toMatchObject({ cause: { kind: "planned", confidence: expect.closeTo(0.97, 1) } });
    await test_.db.maintenance.deleteMany();
  });

  test("is due often at first and rarely later, and once more after the end", async () => {
    const id = await openEpisode(START);
    const told = async (now: Date): Promise<boolean> => {
      await diagnoseEpisodes(test_.db, now, "due");
      return (await read(id)).diagnosedAt?.getTime() === now.getTime();
    };
    expect(await told(after(2 * SECOND))).toBe(true);
    expect(await told(after(8 * SECOND))).toBe(false);
    expect(await told(after(13 * SECOND))).toBe(true);
    expect(await told(after(100 * MINUTE))).toBe(true);
    expect(await told(after(104 * MINUTE))).toBe(false);
    expect(await told(after(106 * MINUTE))).toBe(true);
    await test_.db.errorEpisode.update({ where: { id }, data: { endedAt: after(107 * MINUTE) } });
    expect(await told(after(108 * MINUTE))).toBe(true);
    expect(await told(after(115 * MINUTE))).toBe(false);
    expect(await told(after(130 * MINUTE))).toBe(false);
  });
});

test("a look that brings a change has its episode thought over, without waiting for it", async () => {
  const now = Date.now();
  await ensurePartitionsAhead(test_.db, now);
  const region = await ensureRegion(test_.db, "local");
  const pipeline = openPipeline({ database: test_.db, region, log: quiet });
  pipeline.adopt(await readWatchedChecks(test_.db, region));
  const [watched] = await readWatchedChecks(test_.db, region);
  if (watched === undefined) throw new Error("nothing is watched");
  for (const at of [now, now + 10_000]) {
    const signal = new AbortController().signal;
    await pipeline.look({ check: watched.spec, at, confirms: null, signal });
  }
  const episode = await eventually("a cause", () =>
    test_.db.errorEpisode.findFirst({ where: { diagnosedAt: { not: null } } }),
  );
  expect(episode.cause).toMatchObject({ evidence: [expect.objectContaining({ rule: "refuses" })] });
  await pipeline.drain(1_000);
});
