import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { createDatabase, type Database } from "#lib/store/client.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { startFakeUpstream } from "#tests/support/fake-upstream.ts";
import { runProgram, type RunningProgram } from "#tests/support/run-program.ts";

import { eventually } from "./house.ts";

const INTERVAL_MS = 2_000;
const CHECKS = 24;
/** The check whose target answers 502 from the beginning. */
const FAILING = 0;

/** Two worker processes on one database, and a target that says when each of its paths was asked for. */
export interface Region {
  readonly db: Database;
  readonly workers: readonly [RunningProgram, RunningProgram];
  /** Waits for a moment in the middle of a slot window that both have looks in. */
  sharing(): Promise<void>;
  /** Holds what was stored and what arrived since `from` against what is promised. */
  expectNothingLost(from: number): Promise<void>;
  close(): Promise<void>;
}

/** @param url of a migrated database with nothing in it */
export async function openRegion(url: string): Promise<Region> {
  const db = createDatabase(url, { max: 3 });
  const arrivals = new Map<string, number[]>();
  const upstream = await startFakeUpstream({
    behaviour: ({ path }) => {
      arrivals.set(path, [...(arrivals.get(path) ?? []), Date.now()]);
      return path === `/${FAILING}` ? "bad-gateway" : "ok";
    },
  });
  await insertChecks(db, upstream.url);
  const directory = await makeTestDirectory();
  const env = { DATABASE_URL: url, GATEWATCH_DATA_DIR: directory.path, GATEWATCH_SAMPLE: "off" };
  const workers = [runProgram("bin/worker.ts", { env }), runProgram("bin/worker.ts", { env })] as const;

  return {
    db,
    workers,
    sharing: async () => {
      await eventually("every check to be looked at", async () => {
        const seen = await db.checkState.count({ where: { health: { not: "unknown" } } });
        return seen === CHECKS;
      });
      await eventually("both to hold slots of one window", async () => {
        const [row] = await db.$queryRaw<{ holders: number; into: number | null }[]>`
          WITH current AS (
            SELECT c.worker_id, (j.data->>'from')::bigint AS start
            FROM slot_claims c JOIN pgboss.job j ON j.id = c.job_id AND j.name = c.queue AND j.state = 'active'
            WHERE (j.data->>'from')::bigint BETWEEN ${Date.now() - 10_000}::bigint AND ${Date.now()}::bigint
          )
          SELECT count(DISTINCT worker_id)::int AS holders, (${Date.now()}::bigint - min(start))::int AS into
          FROM current`;
        const into = row?.into ?? 0;
        return row?.holders === 2 && into > 1_000 && into < 6_000;
      });
    },
    expectNothingLost: async (from) => {
      const to = Date.now() - 2 * INTERVAL_MS;
      const rows = await db.result.findMany({
        where: { slotAt: { gte: new Date(from), lte: new Date(to) } },
        select: { checkNumber: true, slotAt: true },
        orderBy: { slotAt: "asc" },
      });
      const byCheck = Map.groupBy(rows, (row) => row.checkNumber);
      expect(byCheck.size).toBe(CHECKS);
      for (const looks of byCheck.values()) {
        const times = [from, ...looks.map(({ slotAt }) => slotAt.getTime()), to];
        // of two due looks in a row, one was taken
        expect(widest(times)).toBeLessThanOrEqual(2 * INTERVAL_MS);
      }
      for (let path = 0; path < CHECKS; path += 1) {
        const came = (arrivals.get(`/${path}`) ?? []).filter((at) => at >= from && at <= to);
        // the same, and the moments that it takes to notice
        expect(widest([from, ...came, to])).toBeLessThanOrEqual(2 * INTERVAL_MS + 2_000);
      }
      await expectCountedOnce(db);
    },
    close: async () => {
      for (const worker of workers) worker.child.kill("SIGKILL");
      await Promise.all(workers.map((worker) => worker.ended));
      await upstream.close();
      await db.$disconnect();
      await directory.remove();
    },
  };
}

async function insertChecks(db: Database, url: string): Promise<void> {
  await db.component.create({
    data: {
      slug: "pool",
      name: "Pool",
      checks: {
        create: Array.from({ length: CHECKS }, (_, path) => ({
          name: `check ${path}`,
          kind: "http",
          target: { url: `${url}${path}` },
          intervalMs: INTERVAL_MS,
          timeoutMs: 1_000,
          confirmMs: [200, 600],
        })),
      },
    },
  });
}

function widest(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? time)));
}

/** Rollups and the open episode hold as many looks as there are results. */
async function expectCountedOnce(db: Database): Promise<void> {
  // what is on its way is written within moments; the workers are still looking
  await eventually("the counters to agree with the results", () =>
    db.$transaction(
      async (tx) => {
        const results = await tx.result.count();
        const days = await tx.rollupDay.aggregate({ _sum: { total: true } });
        const hours = await tx.rollupHour.aggregate({ _sum: { total: true } });
        return days._sum.total === results && hours._sum.total === results;
      },
      { isolationLevel: "RepeatableRead" },
    ),
  );
  await db.$transaction(
    async (tx) => {
      const [episode, ...others] = await tx.errorEpisode.findMany({ include: { check: true } });
      expect(others).toEqual([]);
      if (episode === undefined) throw new Error("the failing check has no episode");
      const looks = await tx.result.count({
        where: { checkNumber: episode.check.number, slotAt: { gte: episode.startedAt } },
      });
      expect(episode).toMatchObject({ endedAt: null, checks: looks, failures: looks });
      expect(await tx.statusSpan.count({ where: { status: "unknown" } })).toBe(0);
    },
    { isolationLevel: "RepeatableRead" },
  );
}

/** Some time of two workers after something has happened to them: several looks of each check. */
export async function someLooks(count: number): Promise<void> {
  await sleep(count * INTERVAL_MS);
}
