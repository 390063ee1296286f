import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { prepareCluster } from "#lib/embedded/cluster.ts";
import { startServer } from "#lib/embedded/server.ts";
import { migrate } from "#lib/store/migrate.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { runProgram, type RunningProgram } from "#tests/support/run-program.ts";

import { startChild, type Child } from "./child.ts";
import type { Arrivals, BareOrder, BareReport, TargetReady } from "./messages.ts";

/** What is there for all parts of the benchmark: PostgreSQL as `npm start` runs it, a target, a bare loop. */
export interface Stage {
  readonly postgresPid: number;
  readonly target: Child<TargetReady, object, Arrivals>;
  readonly bare: Child<string, BareOrder, BareReport>;
  /** A migrated database with the checks in it, and nobody who looks at them. */
  prepare(checks: readonly BenchCheck[]): Promise<Prepared>;
  /** The same with a worker on it that has looked at each of them. */
  open(checks: readonly BenchCheck[]): Promise<Scene>;
  close(): Promise<void>;
}

/** One thing that is asked of a part, and whether it was so. */
export interface Finding {
  readonly what: string;
  readonly kept: boolean;
}

export interface BenchCheck {
  readonly target: object;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** How it is told from the others by the target and in reports. */
  readonly path: number;
}

export interface Prepared {
  readonly url: string;
  readonly sql: Client;
  /** In the order of the checks that were given. */
  readonly stored: readonly { readonly id: string; readonly number: number }[];
}

export interface Scene extends Prepared {
  readonly worker: RunningProgram;
  readonly workerPid: number;
  close(): Promise<void>;
}

const COMPONENTS = 20;

export async function openStage(): Promise<Stage> {
  const directory = await makeTestDirectory();
  const server = await startServer(await prepareCluster(directory.path));
  const target = await startChild<TargetReady, object, Arrivals>("target.ts");
  const bare = await startChild<string, BareOrder, BareReport>("bare.ts");
  const open = new Set<() => Promise<void>>();
  let databases = 0;
  const prepare = async (checks: readonly BenchCheck[]): Promise<Prepared> => {
    databases += 1;
    const url = await createDatabase(server.url, `bench_${databases}`);
    await migrate(url);
    const sql = new Client({ connectionString: url });
    await sql.connect();
    return { url, sql, stored: await insertChecks(sql, checks) };
  };
  return {
    prepare,
    postgresPid: server.pid,
    target,
    bare,
    open: async (checks) => {
      const prepared = await prepare(checks);
      const { url, sql } = prepared;
      const worker = runProgram("bin/worker.ts", {
        env: {
          DATABASE_URL: url,
          GATEWATCH_DATA_DIR: directory.path,
          GATEWATCH_SAMPLE: "off",
          // as `npm start` runs it
          MALLOC_ARENA_MAX: "2",
          NODE_COMPILE_CACHE: join(directory.path, "compile-cache"),
          NODE_OPTIONS: `--max-semi-space-size=2 ${process.env["BENCH_NODE_OPTIONS"] ?? ""}`,
        },
      });
      const close = async (): Promise<void> => {
        open.delete(close);
        worker.child.kill("SIGTERM");
        await worker.ended;
        await sql.end();
      };
      open.add(close);
      await Promise.race([
        everyCheckSeen(sql, checks.length, Math.max(...checks.map((check) => check.intervalMs))),
        worker.ended.then((code) => {
          throw new Error(`the worker ended with ${code}: ${worker.stderr()}`);
        }),
      ]);
      return { ...prepared, worker, workerPid: worker.child.pid ?? 0, close };
    },
    close: async () => {
      await Promise.all([...open].map((close) => close()));
      await Promise.all([target.close(), bare.close()]);
      await server.stop();
      await directory.remove();
    },
  };
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function insertChecks(
  sql: Client,
  checks: readonly BenchCheck[],
): Promise<{ id: string; number: number }[]> {
  const { rows: components } = await sql.query<{ id: string }>(
    `INSERT INTO components (id, slug, name, updated_at)
     SELECT gen_random_uuid(), 'component-' || n, 'Component ' || n, now()
     FROM generate_series(1, $1::int) AS n RETURNING id`,
    [COMPONENTS],
  );
  const { rows } = await sql.query<{ id: string; number: number }>(
    `INSERT INTO checks (id, component_id, name, kind, target, interval_ms, timeout_ms, updated_at)
     SELECT gen_random_uuid(), ($1::uuid[])[1 + (i - 1) % $2::int], 'Check ' || i, 'http', t::jsonb, e, o, now()
     FROM unnest($3::text[], $4::int[], $5::int[]) WITH ORDINALITY AS g(t, e, o, i) ORDER BY i
     RETURNING id, number`,
    [
      components.map(({ id }) => id),
      COMPONENTS,
      checks.map(({ target }) => JSON.stringify(target)),
      checks.map(({ intervalMs }) => intervalMs),
      checks.map(({ timeoutMs }) => timeoutMs),
    ],
  );
  return rows;
}

/** Waits until each check has a confirmed belief: what is measured is the running, not the start. */
async function everyCheckSeen(sql: Client, checks: number, intervalMs: number): Promise<void> {
  const until = performance.now() + 120_000 + 2 * intervalMs;
  while (performance.now() < until) {
    const { rows } = await sql.query<{ seen: number }>(
      "SELECT count(*)::int AS seen FROM check_states WHERE health <> 'unknown'",
    );
    if (rows[0]?.seen === checks) return;
    await sleep(500);
  }
  throw new Error("the worker has not looked at every check");
}
