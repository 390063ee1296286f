import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { clusterProcesses, readPostmasterPid } from "#lib/embedded/processes.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { killTree, runProgram, type RunningProgram } from "#tests/support/run-program.ts";

const ROUNDS = 4;
const WRITER = "tests/support/programs/writer.ts";

let directory: Awaited<ReturnType<typeof makeTestDirectory>>;
let cluster: string;
let running: RunningProgram | undefined;

/** Rows are numbered on from one start to the next, so that none can be taken for another. */
let from = 0;

function startWriter(): RunningProgram {
  from += 1_000_000;
  running = runProgram(WRITER, { args: [String(from)], env: { GATEWATCH_DATA_DIR: directory.path } });
  return running;
}

function killEverything(program: RunningProgram): void {
  // the server first or last, whichever the tree has: all of it within a millisecond or two
  killTree(program.child.pid ?? 0);
  for (const pid of clusterProcesses(cluster)) process.kill(pid, "SIGKILL");
}

beforeAll(async () => {
  directory = await makeTestDirectory();
  cluster = join(directory.path, "postgres-18");
});

afterEach(async () => {
  if (running !== undefined) killEverything(running);
  await running?.ended;
});

afterAll(() => directory.remove());

test("what was acknowledged survives kill -9 of everything, again and again", async () => {
  const acknowledged = new Set<string>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    const writer = startWriter();
    const found = new Set((await writer.line(/^found (.*)$/))[1]?.split(","));
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
    if (round === ROUNDS) break;

    await writer.line(/^ack /);
    // at another moment each time, also shortly after the start's own checkpoint
    await sleep(60 + 170 * round);
    killEverything(writer);
    await writer.ended;
    const acks = writer.lines.flatMap((line) => /^ack (\d+)$/.exec(line)?.[1] ?? []);
    expect(acks.length).toBeGreaterThan(0);
    for (const id of acks) acknowledged.add(id);
  }
}, 120_000);

test("a server that outlived its killed supervisor is stopped and its data kept", async () => {
  const first = startWriter();
  const ack = (await first.line(/^ack (\d+)$/))[1];
  const orphan = readPostmasterPid(cluster);
  first.child.kill("SIGKILL");
  await first.ended;
  expect(clusterProcesses(cluster)).toContain(orphan);

  const second = startWriter();
  const found = (await second.line(/^found (.*)$/))[1]?.split(",");
  expect(found).toContain(ack);
  expect(readPostmasterPid(cluster)).not.toBe(orphan);
}, 60_000);

test("a left-over postmaster.pid that names somebody else's process is no obstacle", async () => {
  const first = startWriter();
  await first.line(/^ack /);
  const pidFile = join(cluster, "postmaster.pid");
  const left = await readFile(pidFile, "utf8");
  killEverything(first);
  await first.ended;
  // this test's own process: alive, and of the user that the server may share
  await writeFile(pidFile, left.replace(/^\d+/, String(process.pid)));

  await startWriter().line(/^ack /);
}, 60_000);

test("a second start on the same data directory ends with one sentence; SIGTERM stops the first cleanly", async () => {
  const first = startWriter();
  await first.line(/^ack /);

  const second = runProgram(WRITER, { env: { GATEWATCH_DATA_DIR: directory.path } });
  expect(await second.ended).toBe(1);
  expect(second.stderr().trim()).toMatch(
    new RegExp(
      `^Another Gatewatch \\(process ${first.child.pid}\\) uses the data directory .*GATEWATCH_DATA_DIR.*$`,
    ),
  );

  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(clusterProcesses(cluster)).toEqual([]);
  expect(await readFile(join(directory.path, "postgres.log"), "utf8")).toMatch(
    /database system is shut down\s*$/,
  );
}, 60_000);

test("a server that dies alone is started again at its old address", async () => {
  const program = startWriter();
  await program.line(/^ack /);
  const before = readPostmasterPid(cluster) ?? 0;
  process.kill(before, "SIGKILL");
  await expect.poll(() => readPostmasterPid(cluster) ?? before, { timeout: 15_000 }).not.toBe(before);
  await expect
    .poll(() => readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => ""), { timeout: 15_000 })
    .toMatch(/ready/);
  expect(program.child.exitCode).toBeNull();
}, 60_000);
