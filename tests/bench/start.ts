// How long `npm start` takes until the first page, and what everything together takes of memory
// when idle: `npm run bench:start`. Builds the pages first when they are missing. Linux only.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { processTree, runProgram, type RunningProgram } from "#tests/support/run-program.ts";

const ROUNDS = 3;
const IDLE_FOR = Number(process.env["IDLE_SECONDS"] ?? 60) * 1_000;
const LIMIT_SECONDS = 5;
const LIMIT_MB = 400;

const directory = await makeTestDirectory();
const env = { GATEWATCH_DATA_DIR: directory.path, HOST: "127.0.0.1", PORT: "0" };

/** Starts everything and asks for the page until it comes; seconds from the command to its last byte. */
async function startAndAsk(): Promise<{ program: RunningProgram; seconds: number }> {
  const began = performance.now();
  const program = runProgram("bin/start.ts", { env });
  // the web process says where it listens, before the greeting does
  const [, port] = await program.line(/"message":"listening".*"port":(\d+)/);
  const page = await fetch(`http://127.0.0.1:${port}/`);
  await page.text();
  if (page.status !== 200) throw new Error(`the page answered ${page.status}`);
  return { program, seconds: (performance.now() - began) / 1000 };
}

async function stop(program: RunningProgram): Promise<number> {
  const began = performance.now();
  program.child.kill("SIGTERM");
  const code = await program.ended;
  if (code !== 0) throw new Error(`npm start ended with ${code}: ${program.stderr()}`);
  return (performance.now() - began) / 1000;
}

/** Proportional set size: memory of its own, and its share of what it shares, in MB. */
function pss(pid: number): { name: string; mb: number }[] {
  // a connection of PostgreSQL may have ended since the list was made
  if (!existsSync(`/proc/${pid}/smaps_rollup`)) return [];
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  const script = command
    .find((part) => part.endsWith(".ts"))
    ?.split("/")
    .at(-1);
  return [{ name: script ?? "postgres", mb: Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024 }];
}

let running: RunningProgram | undefined;
try {
  const first = await startAndAsk();
  console.log(
    `first start (initdb, migrations, sample, and the build when missing): ${first.seconds.toFixed(1)} s`,
  );
  await first.program.line(/Gatewatch is running/);
  await stop(first.program);

  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    if (running !== undefined) console.log(`stopped in ${(await stop(running)).toFixed(1)} s`);
    const { program, seconds } = await startAndAsk();
    await program.line(/Gatewatch is running/);
    times.push(seconds);
    console.log(`start ${round}: first page after ${seconds.toFixed(2)} s`);
    running = program;
  }
  await sleep(IDLE_FOR);
  const processes = processTree(running?.child.pid ?? 0).flatMap(pss);
  const byName = Map.groupBy(processes, ({ name }) => name);
  for (const [name, group] of byName) {
    const mb = group.reduce((sum, each) => sum + each.mb, 0);
    console.log(
      `${mb.toFixed(0).padStart(6)} MB  ${name}${group.length > 1 ? ` (${group.length} processes)` : ""}`,
    );
  }
  const total = processes.reduce((sum, { mb }) => sum + mb, 0);
  const slowest = Math.max(...times);
  console.log(
    `${total.toFixed(0).padStart(6)} MB  in all, idle for ${IDLE_FOR / 1000} s (at most ${LIMIT_MB})`,
  );
  console.log(`slowest start ${slowest.toFixed(2)} s (at most ${LIMIT_SECONDS})`);
  process.exitCode = total <= LIMIT_MB && slowest <= LIMIT_SECONDS ? 0 : 1;
} finally {
  if (running !== undefined) await stop(running);
  await directory.remove();
}
