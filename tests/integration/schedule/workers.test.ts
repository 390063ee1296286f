import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";

import { outcomeCode } from "#lib/model/outcome.ts";
import { readWorkerHealth } from "#lib/store/workers.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { runProgram } from "#tests/support/run-program.ts";

import { eventually, openHouse, type House, type Watched } from "./house.ts";

let house: House;
let upstream: FakeUpstream;
let watched: Watched;

beforeEach(async () => {
  house = await openHouse();
  upstream = await startFakeUpstream();
  watched = await house.watch(upstream.url);
});
afterEach(async () => {
  await house.close();
  await upstream.close();
});

const count = (number = watched.number) => house.db.result.count({ where: { checkNumber: number } });
const status = async () =>
  (await house.db.component.findUniqueOrThrow({ where: { id: watched.componentId } })).status;
const moreThan = (n: number, number = watched.number) =>
  eventually(`more than ${n} results`, async () => (await count(number)) > n);

/** The rollups hold as many looks as there are results. */
async function expectCountedOnce(): Promise<void> {
  const rollup = await house.db.rollupDay.aggregate({
    where: { checkNumber: watched.number },
    _sum: { total: true },
  });
  expect(rollup._sum.total).toBe(await count());
}

it("changes nothing for a single blip, and keeps its looks", { timeout: 60_000 }, async () => {
  await house.worker();
  await eventually("the component to be up", async () => (await status()) === "operational");
  const spans = await house.db.statusSpan.count();
  let failed = 0;
  upstream.behave(() => ((failed += 1) === 1 ? "bad-gateway" : "ok"));
  await eventually("the confirming look", async () => failed > 1);
  const failure = await eventually("the failure to be stored", () =>
    house.db.result.findFirst({
      where: { checkNumber: watched.number, outcome: outcomeCode("bad_gateway") },
    }),
  );
  await eventually(
    "looks after it",
    async () =>
      (await house.db.result.count({
        where: { checkNumber: watched.number, slotAt: { gt: failure.slotAt } },
      })) >= 3,
  );
  expect(await house.db.evidence.count({ where: { checkNumber: watched.number } })).toBe(1);
  expect(await status()).toBe("operational");
  expect(await house.db.statusSpan.count()).toBe(spans);
  expect(await house.db.errorEpisode.count()).toBe(0);
});

it("lets a target that hangs hold up nobody but itself", { timeout: 60_000 }, async () => {
  const hanging = await startFakeUpstream({ behaviour: "hang" });
  const stuck = await house.watch(hanging.url, { timeoutMs: 5_000 });
  await house.worker();
  await moreThan(4);
  expect(await count(stuck.number)).toBeLessThanOrEqual(1);
  await moreThan(2, stuck.number);
  await hanging.close();
});

it("sees a new check and a changed one without a restart", { timeout: 60_000 }, async () => {
  await house.worker();
  await moreThan(0);
  const another = await startFakeUpstream({ behaviour: "bad-gateway" });
  const fresh = await house.watch(another.url);
  await moreThan(0, fresh.number);
  await house.db.check.update({ where: { id: fresh.checkId }, data: { enabled: false } });
  await eventually("the looks at it to end", async () => {
    const before = await count(fresh.number);
    await sleep(2_000);
    return (await count(fresh.number)) === before;
  });
  await another.close();
});

it("has two workers share the slots, each look taken once", { timeout: 60_000 }, async () => {
  await Promise.all([house.worker(), house.worker()]);
  await moreThan(10);
  await expectCountedOnce();
  // a look is due once a second: whoever took the slot, nobody else took it as well
  const looks = await house.db.result.findMany({
    where: { checkNumber: watched.number },
    orderBy: { slotAt: "asc" },
  });
  expect(upstream.requests() - (await count())).toBeLessThanOrEqual(1);
  for (const [index, look] of looks.entries()) {
    const before = looks[index - 1];
    if (before !== undefined)
      expect(look.slotAt.getTime() - before.slotAt.getTime()).toBeGreaterThanOrEqual(1_000);
  }
  const { workers, lastResultAt } = await readWorkerHealth(house.db);
  expect(workers).toHaveLength(2);
  expect(lastResultAt).not.toBeNull();
});

it("gives the rest of its slot to the others when it is stopped", { timeout: 60_000 }, async () => {
  const first = await house.worker();
  await moreThan(1);
  await first.stop();
  const before = await count();
  expect((await readWorkerHealth(house.db)).workers).toEqual([]);
  await house.worker();
  await moreThan(before + 2);
  await expectCountedOnce();
});

it("takes over the slot of a worker that was killed", { timeout: 60_000 }, async () => {
  const directory = await makeTestDirectory();
  const killed = runProgram("bin/worker.ts", {
    env: { DATABASE_URL: house.url, GATEWATCH_DATA_DIR: directory.path, GATEWATCH_SAMPLE: "off" },
  });
  await moreThan(1);
  killed.child.kill("SIGKILL");
  await killed.ended;
  const before = await count();
  await house.worker();
  await moreThan(before + 2);
  await eventually("another to finish what it had begun", async () => {
    const [row] = await house.db.$queryRaw<{ jobs: number }[]>`
      SELECT count(*)::int AS jobs FROM pgboss.job
      WHERE name = 'probe/local' AND retry_count > 0 AND state = 'completed'`;
    return row !== undefined && row.jobs > 0;
  });
  await expectCountedOnce();
  await directory.remove();
});

it(
  "keeps what it sees while the database is away, and writes it afterwards",
  { timeout: 60_000 },
  async () => {
    await house.worker();
    await moreThan(2);
    const name = new URL(house.url).pathname.slice(1);
    const postgres = new URL(house.url);
    postgres.pathname = "/postgres";
    const admin = new Client({ connectionString: postgres.href });
    await admin.connect();
    try {
      // begins right after a slot did, so that it does not outlast the slot
      await sleep(10_500 - (Date.now() % 10_000));
      const before = await house.db.result.count();
      expect(before).toBeGreaterThan(0);
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
      const awayAt = Date.now();
      await sleep(3_000);
      const backAt = Date.now();
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await eventually("the looks of that time", async () => {
        const between = { gt: new Date(awayAt + 500), lt: new Date(backAt - 200) };
        const kept = await house.db.result.count({ where: { slotAt: between } }).catch(() => 0);
        return kept >= 2;
      });
      const after = await count();
      await moreThan(after + 5);
    } finally {
      await admin.end();
    }
    await expectCountedOnce();
  },
);
