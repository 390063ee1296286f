// No browser: the whole product as processes, killed and stopped.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "@playwright/test";
import { Client } from "pg";

import { prepareCluster } from "#lib/embedded/cluster.ts";
import { clusterProcesses } from "#lib/embedded/processes.ts";
import { runningDatabase } from "#lib/embedded/running.ts";
import { startServer } from "#lib/embedded/server.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { killTree, runProgram, type RunningProgram } from "#tests/support/run-program.ts";

import { listenOn } from "../../bin/parts/port.ts";
import { OWNER } from "./support/admin.ts";
import { publishIncident, readIncidentForm, requestSignIn, signIn } from "./support/over-http.ts";

const ROUNDS = 3;
const CHECKS = 3;

// the second story stops what the first one killed
test.describe.configure({ mode: "serial" });

let directory: Awaited<ReturnType<typeof makeTestDirectory>>;
let data: string;
let upstream: Server;
/** How many looks the upstream has answered since it was last set to 0. */
let looks = 0;
let program: RunningProgram | undefined;

test.beforeAll(async () => {
  directory = await makeTestDirectory();
  data = join(directory.path, "data");
  upstream = createServer((_request, response) => {
    looks += 1;
    response.end("fine");
  });
  const port = await listenOn(upstream, "127.0.0.1", 0);
  const checks = Array.from(
    { length: CHECKS },
    (_, n) =>
      `      - { name: check ${n}, kind: http, url: "http://127.0.0.1:${port}/${n}", interval: 1s, timeout: 1s }`,
  );
  await writeFile(
    join(directory.path, "gatewatch.yaml"),
    `page: { name: Acme Status }\ncomponents:\n  - name: API\n    checks:\n${checks.join("\n")}\n`,
  );
});

test.afterAll(async () => {
  killEverything();
  await program?.ended;
  upstream.close();
  await directory.remove();
});

/** Starts the product, always on the same data, and waits for its greeting. */
async function start(): Promise<{ app: RunningProgram; url: string }> {
  const app = runProgram("bin/start.ts", {
    env: {
      GATEWATCH_DATA_DIR: data,
      GATEWATCH_CONFIG: join(directory.path, "gatewatch.yaml"),
      GATEWATCH_ADMIN_EMAIL: OWNER.email,
      GATEWATCH_ADMIN_PASSWORD: OWNER.password,
      HOST: "127.0.0.1",
      PORT: "0",
    },
  });
  program = app;
  const [, url = ""] = await app.line(/Status page\s+(http:\/\/\S+?)\/?$/);
  return { app, url };
}

/** `kill -9` of every process at once: supervisor, web, worker, and PostgreSQL with its connections. */
function killEverything(): void {
  killTree(program?.child.pid ?? 0);
  for (const pid of clusterProcesses(join(data, "postgres-18"))) process.kill(pid, "SIGKILL");
}

async function incidentNames(): Promise<string[]> {
  // all of them: the page and its API show the latest only
  const rows = await query<{ name: string }>(
    (await runningDatabase(data)) ?? "",
    "SELECT name FROM incidents",
  );
  return rows.map(({ name }) => name);
}

/** When the last result was stored, as the health check tells it; epoch milliseconds, 0 before the first. */
async function lastResultAt(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/health`);
  const { worker } = (await answer.json()) as { worker: { lastResultAt: string | null } };
  return worker.lastResultAt === null ? 0 : Date.parse(worker.lastResultAt);
}

async function query<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** How many results lie in the data directory of the product that does not run. */
async function storedResults(): Promise<number> {
  const server = await startServer(await prepareCluster(data));
  try {
    const [row] = await query<{ count: number }>(server.url, "SELECT count(*)::int AS count FROM results");
    return row?.count ?? 0;
  } finally {
    await server.stop();
  }
}

test("kill -9 of everything, mid-write and again and again: it starts by itself and nothing acknowledged is lost", async () => {
  const acknowledged: string[] = [];
  let seenAt = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { app, url } = await start();
    expect(await incidentNames()).toEqual(expect.arrayContaining(acknowledged));
    expect(await lastResultAt(url)).toBeGreaterThanOrEqual(seenAt);
    if (round === ROUNDS) break;

    await expect.poll(() => lastResultAt(url), { timeout: 10_000 }).toBeGreaterThan(seenAt);
    const cookie = await signIn(url);
    const form = await readIncidentForm(url, cookie);
    const writing = (async () => {
      for (let n = 0; ; n += 1) {
        const name = `Incident ${round}.${n}`;
        await publishIncident(url, cookie, form, name);
        acknowledged.push(name);
      }
    })().catch((error: unknown) => String(error));
    // at another moment each time, with a write under way
    await sleep(300 + 170 * round);
    seenAt = await lastResultAt(url);
    killEverything();
    await app.ended;
    expect(await writing, "the writing ended because its connection did").toMatch(/fetch failed|terminated/);
    expect(acknowledged.filter((name) => name.startsWith(`Incident ${round}.`)).length).toBeGreaterThan(0);
  }
});

test("SIGTERM: the slow request is answered whole, PostgreSQL stops cleanly, exit code 0", async () => {
  // what the first story left is running
  const app = program;
  const database = await runningDatabase(data);
  if (app === undefined || database === null) throw new Error("the product does not run");
  const [, url = ""] = await app.line(/Status page\s+(http:\/\/\S+?)\/?$/);

  const holder = new Client({ connectionString: database });
  await holder.connect();
  await holder.query("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
  const slow = requestSignIn(url);
  await expect
    .poll(() =>
      query(database, "SELECT pid FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted"),
    )
    .not.toEqual([]);

  const signalled = performance.now();
  app.child.kill("SIGTERM");
  await expect.poll(() => fetch(url).catch(() => "closed")).toBe("closed");
  await sleep(1_000);
  await holder.query("COMMIT");
  await holder.end();
  const answer = await slow;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ user: { email: OWNER.email } });
  expect(await app.ended).toBe(0);
  expect(performance.now() - signalled).toBeLessThan(10_000);

  expect(existsSync(join(data, "postgres-18", "postmaster.pid"))).toBe(false);
  expect(await readFile(join(data, "postgres.log"), "utf8")).toMatch(/database system is shut down\s*$/);
});

test("SIGTERM in the middle of checks: what the upstream answered is in the database, once", async () => {
  const before = await storedResults();
  looks = 0;
  const { app } = await start();
  await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThan(2 * CHECKS);
  app.child.kill("SIGTERM");
  expect(await app.ended).toBe(0);
  expect((await storedResults()) - before).toBe(looks);
});
