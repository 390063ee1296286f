import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HOUR } from "#lib/base/clock.ts";
import { createStandings } from "#lib/detect/standings.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import { isFailing, healthOf, outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import { uptime } from "#lib/model/uptime.ts";
import { seededRandom } from "#lib/sample/random.ts";
import { applyTransitions } from "#lib/store/check-states.ts";
import { storeResults, type NewResult } from "#lib/store/results.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

const T0 = Date.UTC(2026, 0, 15, 6);
const INTERVAL = 10_000;
const CONFIRM = [500, 2_000] as const;

let test: TestDatabase;
let regionId: number;
beforeAll(async () => {
  test = await createTestDatabase();
  regionId = (await test.db.region.create({ data: { name: "local" } })).id;
});
afterAll(() => test.drop());

interface Facts {
  readonly kind?: Evidence["kind"];
  readonly gateway?: string | null;
}

/** The same for every failure, or by its outcome. */
type Told = Facts | ((outcome: Outcome) => Facts);

function factsOf(told: Told, outcome: Outcome): Facts {
  return typeof told === "function" ? told(outcome) : told;
}

function evidence(outcome: Outcome, at: number, { kind = null, gateway = null }: Facts): Evidence {
  return {
    at: new Date(at).toISOString(),
    outcome,
    summary: `seen at ${at}`,
    gateway,
    gatewayEvidence: [],
    kind,
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

/** A check that is looked at as the worker does it, with the answers and the clock in the test's hand. */
async function watch(slug: string) {
  const component = await test.db.component.create({
    data: {
      slug,
      name: slug,
      checks: {
        create: { name: "a", kind: "http", target: {}, intervalMs: INTERVAL, timeoutMs: 1_000 },
      },
    },
    include: { checks: true },
  });
  const [check] = component.checks;
  if (check === undefined) throw new Error("the check was not made");
  const spec: CheckSpec = { ...check, confirmMs: CONFIRM };
  const standings = createStandings();
  const looks: { at: number; outcome: Outcome }[] = [];
  const unstored: NewResult[] = [];

  const store = async (): Promise<void> => {
    if (unstored.length > 0) await storeResults(test.db, unstored.splice(0));
  };
  /** One look, and those that confirm what it suspects. */
  const look = async (at: number, answer: () => Outcome, told: Told = {}): Promise<void> => {
    const due: { at: number; confirms: { since: number; last: boolean } | null }[] = [{ at, confirms: null }];
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      if (next.confirms !== null && !standings.suspects(check.number, next.confirms.since)) continue;
      const outcome = answer();
      looks.push({ at: next.at, outcome });
      unstored.push({
        checkNumber: check.number,
        regionId,
        slotAt: next.at,
        outcome,
        httpStatus: outcome === "up" ? 200 : 502,
        timings: { dns: null, connect: 1, tls: null, firstByte: 2, total: 3 },
        evidence: isFailing(healthOf(outcome)) ? evidence(outcome, next.at, factsOf(told, outcome)) : null,
      });
      const { changes, confirm } = standings.judge(spec, { ...next, outcome });
      if (changes.length > 0) {
        await store();
        const keys = { checkNumber: check.number, regionId };
        await applyTransitions(
          test.db,
          changes.map((change) => ({ ...keys, ...change })),
        );
      }
      if (confirm) {
        const since = next.at;
        due.push(
          ...CONFIRM.map((ms, i) => ({
            at: since + ms,
            confirms: { since, last: i === CONFIRM.length - 1 },
          })),
        );
      }
    }
  };
  return {
    number: check.number,
    looks,
    store,
    look,
    /** Looks from one slot to another (not included), each with the same answer. */
    slots: async (from: number, to: number, outcome: Outcome, facts?: Facts): Promise<void> => {
      for (let slot = from; slot < to; slot += 1) await look(T0 + slot * INTERVAL, () => outcome, facts);
    },
    /** In the order they began; times in seconds from T0. */
    episodes: async () => {
      await store();
      const rows = await test.db.errorEpisode.findMany({
        where: { checkId: check.id },
        orderBy: { startedAt: "asc" },
      });
      return rows.map((row) => ({
        ...row,
        from: (row.startedAt.getTime() - T0) / 1_000,
        to: row.endedAt === null ? null : (row.endedAt.getTime() - T0) / 1_000,
      }));
    },
    spans: async () => {
      await store();
      const rows = await test.db.statusSpan.findMany({ where: { componentId: component.id } });
      return rows.map(({ status, startsAt, endsAt }) => ({
        status,
        startsAt: startsAt.getTime(),
        endsAt: endsAt?.getTime() ?? null,
      }));
    },
  };
}

/** An answer, and another one from then on. */
function once(first: Outcome, then: Outcome): () => Outcome {
  let asked = false;
  return () => {
    if (asked) return then;
    asked = true;
    return first;
  };
}

/** Every stored look of an episode's time, counted anew. */
function counted(looks: readonly { at: number; outcome: Outcome }[], from: number, to: number | null) {
  const within = looks.filter(({ at }) => at >= T0 + from * 1_000 && (to === null || at < T0 + to * 1_000));
  return { checks: within.length, failures: within.filter(({ outcome }) => outcome !== "up").length };
}

describe("an episode", () => {
  it("is not ended by a single good look", async () => {
    const watched = await watch("single");
    await watched.slots(0, 2, "up");
    await watched.slots(2, 5, "bad_gateway");
    await watched.look(T0 + 5 * INTERVAL, once("up", "bad_gateway"));
    await watched.slots(6, 8, "bad_gateway");
    const [episode, ...others] = await watched.episodes();
    expect(others).toEqual([]);
    expect(episode).toMatchObject({ from: 20, to: null, ...counted(watched.looks, 20, null) });
  });

  it("goes on after a relapse within a minute, and the good time stays good", async () => {
    const watched = await watch("relapse");
    await watched.slots(0, 2, "up");
    await watched.slots(2, 4, "bad_gateway");
    await watched.slots(4, 8, "up");
    const [ended] = await watched.episodes();
    expect(ended).toMatchObject({ to: 40 });
    await watched.slots(8, 10, "bad_gateway");
    expect(await watched.episodes()).toMatchObject([
      { id: ended?.id, from: 20, to: null, ...counted(watched.looks, 20, null) },
    ]);
    await watched.slots(10, 12, "up");
    expect(await watched.episodes()).toMatchObject([
      { id: ended?.id, from: 20, to: 100, ...counted(watched.looks, 20, 100) },
    ]);
    const { spent } = uptime(await watched.spans(), T0, T0 + 12 * INTERVAL);
    expect(spent.major_outage).toBe(40_000);
  });

  it("counts looks that are stored while it is reopened once", async () => {
    const watched = await watch("at-once");
    await watched.slots(0, 2, "up");
    await watched.slots(2, 4, "bad_gateway");
    await watched.slots(4, 6, "up");
    const [ended] = await watched.episodes();
    const look = (ms: number) => ({
      checkNumber: watched.number,
      regionId,
      slotAt: T0 + 60_000 + ms,
      outcome: "bad_gateway" as const,
      httpStatus: 502,
      timings: { dns: null, connect: 1, tls: null, firstByte: 2, total: 3 },
      evidence: evidence("bad_gateway", T0 + 60_000 + ms, {}),
    });
    const storing = (from: number) =>
      Array.from({ length: 20 }, (_, i) => storeResults(test.db, [look(from + i)]));
    const from = { health: "up", outcome: "up", since: T0, lastSlotAt: T0 + 50_000 } as const;
    const to = { health: "down", outcome: "bad_gateway" } as const;
    const down = { checkNumber: watched.number, regionId, from, to, at: T0 + 60_000 };
    await Promise.all([...storing(0), applyTransitions(test.db, [down]), ...storing(1_000)]);
    const before = watched.looks.filter(({ at }) => at >= T0 + 20_000).length;
    expect(await watched.episodes()).toMatchObject([
      { id: ended?.id, to: null, checks: before + 40, failures: (ended?.failures ?? 0) + 40 },
    ]);
  });

  it("is a new one after a longer calm, and when it is of another class", async () => {
    const watched = await watch("anew");
    await watched.slots(0, 2, "up");
    await watched.slots(2, 4, "bad_gateway");
    await watched.slots(4, 11, "up");
    await watched.slots(11, 13, "bad_gateway");
    await watched.slots(13, 15, "up");
    await watched.slots(15, 17, "gateway_timeout");
    expect(await watched.episodes()).toMatchObject([
      { from: 20, to: 40, outcome: outcomeCode("bad_gateway") },
      { from: 110, to: 130, outcome: outcomeCode("bad_gateway") },
      { from: 150, to: null, outcome: outcomeCode("gateway_timeout") },
    ]);
  });

  it("goes on after a time in which nobody looked", async () => {
    const watched = await watch("unwatched");
    await watched.slots(0, 2, "up");
    await watched.slots(2, 4, "bad_gateway");
    await watched.slots(64, 66, "bad_gateway");
    expect(await watched.episodes()).toMatchObject([
      { from: 20, to: null, ...counted(watched.looks, 20, null) },
    ]);
    const { spent } = uptime(await watched.spans(), T0, T0 + 66 * INTERVAL);
    expect(spent.unknown).toBe(600_000);
  });

  it("learns later what its first looks did not tell, and from its own class only", async () => {
    const watched = await watch("learns");
    await watched.slots(0, 2, "up");
    await watched.slots(2, 4, "bad_gateway");
    await watched.look(T0 + 4 * INTERVAL, once("gateway_timeout", "bad_gateway"), (outcome) =>
      outcome === "gateway_timeout" ? { gateway: "HAProxy" } : {},
    );
    await watched.store();
    await watched.slots(5, 6, "bad_gateway", { kind: "upstream_refused", gateway: "nginx" });
    await watched.store();
    await watched.slots(6, 7, "bad_gateway", { kind: "upstream_reset", gateway: "Envoy" });
    const [episode] = await watched.episodes();
    expect(episode).toMatchObject({ httpStatus: 502, kind: "upstream_refused", gateway: "nginx" });
    expect(episode?.firstEvidence).toMatchObject({ gateway: null });
    expect(episode?.lastEvidence).toMatchObject({ gateway: "Envoy" });
  });

  it("keeps the evidence of failures only, whatever else leaves some", async () => {
    const watched = await watch("warned");
    const elsewhere = (await test.db.region.create({ data: { name: "elsewhere" } })).id;
    await watched.slots(0, 2, "up");
    // another region is let in, and warns of a certificate meanwhile
    const at = T0 + 2 * INTERVAL + 2_500;
    await storeResults(test.db, [
      {
        checkNumber: watched.number,
        regionId: elsewhere,
        slotAt: at,
        outcome: "certificate_expiring",
        httpStatus: null,
        timings: { dns: null, connect: 1, tls: 2, firstByte: null, total: 3 },
        evidence: evidence("certificate_expiring", at, {}),
      },
    ]);
    await watched.slots(2, 3, "tls_failure");
    const [episode] = await watched.episodes();
    expect(episode?.firstEvidence).toMatchObject({ outcome: "tls_failure" });
    expect(episode?.lastEvidence).toMatchObject({ outcome: "tls_failure" });
  });

  it("is named after what most of its first looks say", async () => {
    const watched = await watch("named");
    const said: Facts[] = [{ gateway: "nginx", kind: "upstream_refused" }, {}, {}];
    const facts = said.values();
    await watched.slots(0, 2, "up");
    // three looks confirm a failure; only the first names a gateway
    for (const at of [0, 500, 2_000]) {
      await watched.look(T0 + 2 * INTERVAL + at, () => "bad_gateway", facts.next().value ?? {});
    }
    expect(await watched.episodes()).toMatchObject([{ gateway: "nginx", kind: "upstream_refused" }]);
  });
});

describe("a service of which every fourth request fails", () => {
  it("has one episode in six hours, or a few, with exact counts, and up time in between", async () => {
    const watched = await watch("flapping");
    const random = seededRandom(25);
    await watched.slots(0, 2, "up");
    const slots = (6 * HOUR) / INTERVAL;
    for (let slot = 2; slot < slots; slot += 1) {
      await watched.look(T0 + slot * INTERVAL, () => (random() < 0.25 ? "bad_gateway" : "up"));
    }
    const episodes = await watched.episodes();
    expect(episodes.length).toBeGreaterThan(0);
    expect(episodes.length).toBeLessThanOrEqual(3);
    for (const { from, to, checks, failures } of episodes) {
      expect({ checks, failures }).toEqual(counted(watched.looks, from, to));
    }
    const spans = await watched.spans();
    // it was seen to go down many times, each one a span and none an episode of its own
    expect(spans.filter(({ status }) => status === "major_outage").length).toBeGreaterThan(10);
    const { ratio } = uptime(spans, T0, T0 + 6 * HOUR);
    expect(ratio).toBeGreaterThan(0.9);
  }, 60_000);
});
