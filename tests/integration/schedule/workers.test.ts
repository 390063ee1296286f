import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";

import { readWorkerHealth } from "#lib/store/workers.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { runProgram } from "#tests/support/run-program.ts";

import { eventually, openScene, type Scene } from "./house.ts";

let scene: Scene;

beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** The rollups hold as many looks as there are results. */
async function expectCountedOnce(): Promise<void> {
  const rollup = await scene.house.db.rollupDay.aggregate({
    where: { checkNumber: scene.watched.number },
    _sum: { total: true },
  });
  expect(rollup._sum.total).toBe(await scene.count());
}

it("has two workers share the slots, each look taken once", { timeout: 60_000 }, async () => {
  await Promise.all([scene.house.worker(), scene.house.worker()]);
  await scene.moreThan(10);
  await expectCountedOnce();
  // a look is due once a second: whoever took the slot, nobody else took it as well
  const looks = await scene.house.db.result.findMany({
    where: { checkNumber: scene.watched.number },
    orderBy: { slotAt: "asc" },
  });
  expect(scene.upstream.requests() - (await scene.count())).toBeLessThanOrEqual(1);
  for (const [index, look] of looks.entries()) {
    const before = looks[index - 1];
    if (before !== undefined)
      expect(look.slotAt.getTime() - before.slotAt.getTime()).toBeGreaterThanOrEqual(1_000);
  }
  const { workers, lastResultAt } = await readWorkerHealth(scene.house.db);
  expect(workers).toHaveLength(2);
  expect(lastResultAt).not.toBeNull();
});

it("gives the rest of its slot to the others when it is stopped", { timeout: 60_000 }, async () => {
  const first = await scene.house.worker();
  await scene.moreThan(1);
  await first.stop();
  const before = await scene.count();
  expect((await readWorkerHealth(scene.house.db)).workers).toEqual([]);
  await scene.house.worker();
  await scene.moreThan(before + 2);
  await expectCountedOnce();
});

it("takes over the slot of a worker that was killed", { timeout: 60_000 }, async () => {
  const directory = await makeTestDirectory();
  const killed = runProgram("bin/worker.ts", {
    env: { DATABASE_URL: scene.house.url, GATEWATCH_DATA_DIR: directory.path, GATEWATCH_SAMPLE: "off" },
  });
  await scene.moreThan(1);
  killed.child.kill("SIGKILL");
  await killed.ended;
  const before = await scene.count();
  await scene.house.worker();
  await scene.moreThan(before + 2);
  await eventually("another to finish what it had begun", async () => {
    const [row] = await scene.house.db.$queryRaw<{ jobs: number }[]>`
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
    await scene.house.worker();
    await scene.moreThan(2);
    const name = new URL(scene.house.url).pathname.slice(1);
    const postgres = new URL(scene.house.url);
    postgres.pathname = "/postgres";
    const admin = new Client({ connectionString: postgres.href });
    await admin.connect();
    try {
      // begins right after a slot did, so that it does not outlast the slot
      await sleep(10_500 - (Date.now() % 10_000));
      const before = await scene.house.db.result.count();
      expect(before).toBeGreaterThan(0);
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
      const awayAt = Date.now();
      await sleep(3_000);
      const backAt = Date.now();
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await eventually("the looks of that time", async () => {
        const between = { gt: new Date(awayAt + 500), lt: new Date(backAt - 200) };
        const kept = await scene.house.db.result.count({ where: { slotAt: between } }).catch(() => 0);
        return kept >= 2;
      });
      const after = await scene.count();
      await scene.moreThan(after + 5);
    } finally {
      await admin.end();
    }
    await expectCountedOnce();
  },
);
