import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { DAY, HOUR } from "#lib/base/clock.ts";
import type { Transition } from "#lib/model/belief.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import { bucketOf } from "#lib/model/histogram.ts";
import { healthOf, outcomeCode, outcomeOf, OUTCOMES, type Outcome } from "#lib/model/outcome.ts";
import { applyTransitions, findSilentChecks } from "#lib/store/check-states.ts";
import { NOTHING_KNOWN } from "#lib/store/checks.ts";
import {
  dropExpiredPartitions,
  ensurePartitions,
  ensurePartitionsAhead,
  packEndedPartitions,
} from "#lib/store/partitions.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { storeResults, type NewResult } from "#lib/store/results.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

const T0 = Date.UTC(2026, 0, 15, 23, 59, 0);

let test: TestDatabase;
let componentId: string;
let checkNumber: number;
let regionId: number;

beforeAll(async () => {
  test = await createTestDatabase();
  regionId = (await test.db.region.create({ data: { name: "local" } })).id;
});
afterAll(() => test.drop());

beforeEach(async () => {
  await test.db.component.deleteMany();
  const component = await test.db.component.create({
    data: {
      slug: "api",
      name: "API",
      checks: { create: { name: "a", kind: "http", target: {}, intervalMs: 10_000, timeoutMs: 1_000 } },
    },
    include: { checks: true },
  });
  componentId = component.id;
  checkNumber = component.checks[0]?.number ?? -1;
});

function evidence(outcome: Outcome, at: number): Evidence {
  return {
    at: new Date(at).toISOString(),
    outcome,
    summary: `seen at ${at}`,
    gateway: "nginx",
    gatewayEvidence: ["server: nginx/1.22.1"],
    kind: "upstream_refused",
    answeredBy: "edge",
    cause: null,
    phase: "done",
    error: null,
    httpStatus: 502,
    httpVersion: "1.1",
    headers: {},
    bodyStart: "",
    url: null,
    remote: null,
    timings: { dns: null, connect: 1, tls: null, firstByte: 2, total: 3 },
    certificate: null,
  };
}

function result(slotAt: number, outcome: Outcome = "up", total = 12): NewResult {
  return {
    checkNumber,
    regionId,
    slotAt,
    outcome,
    httpStatus: 200,
    timings: { dns: null, connect: 1.4, tls: null, firstByte: 40_000, total },
    evidence: healthOf(outcome) === "down" ? evidence(outcome, slotAt) : null,
  };
}

describe("storeResults", () => {
  it("keeps a look as it was, with -1 for what did not happen", async () => {
    expect(await storeResults(test.db, [result(T0, "bad_gateway", 41.6)])).toBe(1);
    expect(await test.db.result.findMany({ where: { checkNumber } })).toEqual([
      {
        slotAt: new Date(T0),
        checkNumber,
        regionId,
        outcome: outcomeCode("bad_gateway"),
        httpStatus: 200,
        dnsMs: -1,
        connectMs: 1,
        tlsMs: -1,
        firstByteMs: 32_767,
        totalMs: 42,
      },
    ]);
    const [kept] = await test.db.evidence.findMany({ where: { checkNumber } });
    expect(kept).toMatchObject({ gateway: "nginx", detail: evidence("bad_gateway", T0) });
  });

  it("counts each look once, however often and by however many it is written", async () => {
    // every outcome, both sides of an hour and of a day
    const looks = OUTCOMES.flatMap((outcome, i) => [
      result(T0 + i * 7_000, outcome, 2 ** i),
      result(T0 + i * 7_001, outcome, i),
    ]);
    const parts = Array.from({ length: 8 }, (_, i) => looks.slice(i * 3, i * 3 + 24));
    const stored = await Promise.all(
      [...parts, ...parts.map((part) => part.toReversed())].map((part) => storeResults(test.db, part)),
    );
    await storeResults(test.db, looks);
    await storeResults(test.db, [...looks, ...looks]);
    const unique = new Map(looks.map((look) => [look.slotAt, look]));
    const rows = await test.db.result.findMany({ where: { checkNumber } });
    expect(rows).toHaveLength(unique.size);
    expect(stored.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(unique.size);

    for (const [table, length] of [
      ["rollupHour", HOUR],
      ["rollupDay", DAY],
    ] as const) {
      const where = { where: { checkNumber }, orderBy: { startsAt: "asc" } } as const;
      const rollups =
        table === "rollupHour"
          ? await test.db.rollupHour.findMany(where)
          : await test.db.rollupDay.findMany(where);
      expect(rollups.length).toBe(2);
      for (const rollup of rollups) {
        const start = rollup.startsAt.getTime();
        const within = rows.filter(
          ({ slotAt }) => slotAt.getTime() >= start && slotAt.getTime() < start + length,
        );
        expect(rollup.total).toBe(within.length);
        for (const code of OUTCOMES.keys()) {
          expect(rollup.outcomes[code] ?? 0).toBe(within.filter((row) => row.outcome === code).length);
        }
        const answered = within.filter((row) => ["up", "slow"].includes(healthOf(outcomeOf(row.outcome))));
        expect(rollup.latencySum).toBe(BigInt(answered.reduce((sum, row) => sum + row.totalMs, 0)));
        expect(rollup.latency.reduce((sum, count) => sum + count, 0)).toBe(answered.length);
        for (const row of answered) expect(rollup.latency[bucketOf(row.totalMs)]).toBeGreaterThan(0);
      }
      expect(rollups.reduce((sum, rollup) => sum + rollup.total, 0)).toBe(rows.length);
    }
  });

  it("leaves out the looks of a check that is gone, and keeps the others", async () => {
    expect(await storeResults(test.db, [{ ...result(T0), checkNumber: 2_000_000 }, result(T0)])).toBe(1);
  });

  it("notes the last look, never an older one, and none that saw nothing", async () => {
    const last = async () =>
      (await test.db.checkState.findFirst({ where: { checkNumber } }))?.lastSlotAt.getTime();
    await storeResults(test.db, [result(T0, "unknown")]);
    expect(await last()).toBeUndefined();
    await storeResults(test.db, [result(T0 + 20_000), result(T0 + 30_000)]);
    await storeResults(test.db, [result(T0 + 10_000), result(T0 + 40_000, "unknown")]);
    expect(await last()).toBe(T0 + 30_000);
  });
});

/** A confirmed change of belief, from what the database believes now. */
async function transition(outcome: Outcome, at: number): Promise<Transition> {
  const state = await test.db.checkState.findFirst({ where: { checkNumber } });
  const from =
    state === null
      ? NOTHING_KNOWN
      : {
          health: state.health,
          outcome: OUTCOMES[state.outcome] ?? "unknown",
          since: state.since.getTime(),
          lastSlotAt: state.lastSlotAt.getTime(),
        };
  return { checkNumber, regionId, from, to: { health: healthOf(outcome), outcome }, at };
}

const episodes = () =>
  test.db.errorEpisode.findMany({ where: { componentId }, orderBy: { startedAt: "asc" } });
const spans = async () =>
  (await test.db.statusSpan.findMany({ where: { componentId }, orderBy: { startsAt: "asc" } })).map(
    (span) => [
      span.status,
      (span.startsAt.getTime() - T0) / 1_000,
      span.endsAt === null ? null : (span.endsAt.getTime() - T0) / 1_000,
    ],
  );

describe("applyTransitions", () => {
  it("tells one story in states, spans, episodes and counters", async () => {
    await storeResults(test.db, [result(T0)]);
    await applyTransitions(test.db, [await transition("up", T0)]);
    await storeResults(
      test.db,
      [10, 10.5, 12].map((s) => result(T0 + s * 1_000, "bad_gateway")),
    );
    const before = await readPublicVersion(test.db);
    await applyTransitions(test.db, [await transition("bad_gateway", T0 + 10_000)]);
    expect(await readPublicVersion(test.db)).toBe(before + 1n);
    expect(await episodes()).toMatchObject([
      {
        checks: 3,
        failures: 3,
        endedAt: null,
        gateway: "nginx",
        kind: "upstream_refused",
        answeredBy: "edge",
      },
    ]);

    // one success in between, then another class, and back to normal
    await storeResults(test.db, [result(T0 + 20_000, "bad_gateway"), result(T0 + 30_000)]);
    await storeResults(
      test.db,
      [40, 40.5, 42].map((s) => result(T0 + s * 1_000, "gateway_timeout")),
    );
    expect(await episodes()).toMatchObject([
      { checks: 8, failures: 7, lastEvidence: { outcome: "gateway_timeout" } },
    ]);
    await applyTransitions(test.db, [await transition("gateway_timeout", T0 + 40_000)]);
    await storeResults(
      test.db,
      [50, 50.5, 52].map((s) => result(T0 + s * 1_000)),
    );
    await applyTransitions(test.db, [await transition("up", T0 + 50_000)]);

    expect(await episodes()).toMatchObject([
      {
        outcome: outcomeCode("bad_gateway"),
        startedAt: new Date(T0 + 10_000),
        endedAt: new Date(T0 + 40_000),
        checks: 5,
        failures: 4,
      },
      {
        outcome: outcomeCode("gateway_timeout"),
        startedAt: new Date(T0 + 40_000),
        endedAt: new Date(T0 + 50_000),
        checks: 3,
        failures: 3,
      },
    ]);
    expect(await spans()).toEqual([
      ["operational", 0, 10],
      ["major_outage", 10, 50],
      ["operational", 50, null],
    ]);
  });

  it("lets one of two workers win that decided the same", async () => {
    await storeResults(test.db, [result(T0)]);
    await applyTransitions(test.db, [await transition("up", T0)]);
    await storeResults(test.db, [result(T0 + 10_000, "bad_gateway"), result(T0 + 12_000, "bad_gateway")]);
    const decided = [
      await transition("bad_gateway", T0 + 10_000),
      await transition("bad_gateway", T0 + 12_000),
    ];
    const changed = await Promise.all(decided.map((one) => applyTransitions(test.db, [one])));
    expect(changed.map((changes) => changes.length).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(await episodes()).toHaveLength(1);
    expect(await spans()).toHaveLength(2);
  });

  it("writes a gap as unknown, up to the first look after it", async () => {
    await storeResults(test.db, [result(T0)]);
    await applyTransitions(test.db, [await transition("up", T0)]);
    await storeResults(test.db, [result(T0 + 10_000), result(T0 + 600_000)]);
    const gone = await transition("unknown", T0 + 20_000);
    const back: Transition = {
      ...gone,
      from: { ...gone.from, health: "unknown", outcome: "unknown" },
      to: { health: "up", outcome: "up" },
      at: T0 + 600_000,
    };
    await applyTransitions(test.db, [gone, back]);
    expect(await spans()).toEqual([
      ["operational", 0, 20],
      ["unknown", 20, 600],
      ["operational", 600, null],
    ]);
  });

  it("counts looks that are stored while the episode opens once, too", async () => {
    await storeResults(test.db, [result(T0)]);
    await applyTransitions(test.db, [await transition("up", T0)]);
    await storeResults(test.db, [result(T0 + 1_000, "bad_gateway")]);
    const down = await transition("bad_gateway", T0 + 1_000);
    await Promise.all([
      ...Array.from({ length: 20 }, (_, i) => storeResults(test.db, [result(T0 + 2_000 + i, "bad_gateway")])),
      applyTransitions(test.db, [down]),
      ...Array.from({ length: 20 }, (_, i) => storeResults(test.db, [result(T0 + 3_000 + i, "bad_gateway")])),
    ]);
    expect(await episodes()).toMatchObject([{ checks: 41, failures: 41 }]);
  });
});

describe("findSilentChecks", () => {
  it("finds checks that nobody looks at any more, and leaves alone one that somebody just did", async () => {
    await storeResults(test.db, [result(T0)]);
    await applyTransitions(test.db, [await transition("bad_gateway", T0)]);
    expect(await findSilentChecks(test.db, T0 + 30_000)).toEqual([]);
    const silent = await findSilentChecks(test.db, T0 + 60_000);
    expect(silent).toMatchObject([{ checkNumber, to: { health: "unknown" }, at: T0 + 10_000 }]);

    await storeResults(test.db, [result(T0 + 59_000, "bad_gateway")]);
    expect(await applyTransitions(test.db, silent, { onlyIfSilent: true })).toEqual([]);
    expect(await episodes()).toMatchObject([{ endedAt: null }]);

    const later = await findSilentChecks(test.db, T0 + 600_000);
    expect(await applyTransitions(test.db, later, { onlyIfSilent: true })).toMatchObject([{ to: "unknown" }]);
    expect(await episodes()).toMatchObject([{ endedAt: new Date(T0 + 69_000) }]);
  });
});

async function partitionNames(): Promise<string[]> {
  const rows = await test.db.$queryRaw<{ name: string }[]>`
    SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'results'::regclass ORDER BY 1`;
  return rows.map((row) => row.name);
}

describe("partitions", () => {
  it("are made ahead by several processes at once", async () => {
    const now = Date.UTC(2030, 5, 30, 23, 30);
    await Promise.all(Array.from({ length: 4 }, () => ensurePartitionsAhead(test.db, now)));
    expect(await partitionNames()).toEqual(
      expect.arrayContaining([
        "results_20300629",
        "results_20300630",
        "results_20300701",
        "results_20300702",
        "results_20300703",
      ]),
    );
  });

  it("go when their day is past its retention, and leave the rollups", async () => {
    await storeResults(test.db, [result(T0), result(T0 + DAY)]);
    await ensurePartitions(test.db, [T0 - DAY]);
    const dropped = await dropExpiredPartitions(test.db, T0 + 30 * DAY + 2 * HOUR, 30);
    expect(dropped).toEqual(
      expect.arrayContaining(["results_20260115", "evidence_20260115", "results_20260114"]),
    );
    expect(await partitionNames()).toContain("results_20260116");
    expect(await test.db.result.count({ where: { checkNumber } })).toBe(1);
    expect(await test.db.rollupDay.count({ where: { checkNumber } })).toBe(2);
  });

  it("are packed once when their day is over, with what is in them", async () => {
    await storeResults(test.db, [result(T0), result(T0 + DAY)]);
    const packed = await packEndedPartitions(test.db, T0 + 2 * HOUR);
    expect(packed).toContain("results_20260115");
    expect(packed).not.toContain("results_20260116");
    expect(await packEndedPartitions(test.db, T0 + 2 * HOUR)).toEqual([]);
    expect(await storeResults(test.db, [result(T0), result(T0 + 1)])).toBe(1);
  });

  it("come back for a result that is written after all", async () => {
    await dropExpiredPartitions(test.db, T0 + 60 * DAY, 30);
    // the client remembers which days it has made, and another process has dropped one
    expect(await storeResults(test.db, [result(T0)])).toBe(1);
  });
});
