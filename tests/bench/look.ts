/**
 * What one look costs this process: `runProbe`, with all it measures and keeps, beside a bare
 * `node:http` or `node:https` request that throws everything away. The target is a process of its own;
 * both take turns, so that whatever else the machine does hits both. CPU from `process.cpuUsage`.
 *
 *     npm run bench:look              9 rounds of 2,000 looks (HTTPS: 500), 20 at a time, about a minute
 *     npm run bench:look -- 3         as many rounds as asked
 */
import { request as requestPlain } from "node:http";
import { request as requestSecure, type RequestOptions } from "node:https";
import { createSecureContext, type ConnectionOptions } from "node:tls";

import { createKeptConnections } from "#lib/probe/kept-connections.ts";
import { runProbe } from "#lib/probe/registry.ts";
import { testAuthority } from "#tests/support/fake-upstream.ts";
import { runProgram } from "#tests/support/run-program.ts";

const AT_A_TIME = 20;
const TIMEOUT_MS = 10_000;

type Once = (worker: number) => Promise<void>;

interface Case {
  readonly name: string;
  readonly looks: number;
  readonly bare: Once;
  readonly ours: Once;
}

function bare(
  request: typeof requestSecure,
  options: RequestOptions & Pick<ConnectionOptions, "secureContext">,
): Once {
  return () =>
    new Promise((resolve, reject) => {
      request({ ...options, agent: false }, (response) => {
        response
          .on("data", () => {})
          .on("end", resolve)
          .on("error", reject);
      })
        .on("error", reject)
        .end();
    });
}

function ours(target: object): Once {
  const kept = createKeptConnections();
  const { signal } = new AbortController();
  // one check a worker, as two looks at one check never overlap
  const checks = Array.from({ length: AT_A_TIME }, (_, i) => ({
    id: String(i),
    kind: "http",
    target: { ...target },
    timeoutMs: TIMEOUT_MS,
  }));
  return async (worker) => {
    const check = checks[worker];
    if (check === undefined) throw new Error("there is no such worker");
    const { error, http } = await runProbe(check, signal, { kept });
    if (error !== null || http?.status !== 200) throw new Error(`the look failed: ${error?.message}`);
  };
}

/** CPU seconds for 1,000, and how many a second. */
async function measure(once: Once, looks: number): Promise<{ cpu: number; rate: number }> {
  let left = looks;
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async (_, worker) => {
      while (left-- > 0) await once(worker);
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu: (user + system) / 1e6 / (looks / 1_000),
    rate: looks / ((performance.now() - start) / 1_000),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare({ name, looks, ...both }: Case, rounds: number): Promise<void> {
  const bareRuns: { cpu: number; rate: number }[] = [];
  const ourRuns: { cpu: number; rate: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const first = await measure(both.bare, looks);
    const second = await measure(both.ours, looks);
    // the first round warms the compiler up
    if (round < 0) continue;
    bareRuns.push(first);
    ourRuns.push(second);
  }
  const told = (runs: typeof bareRuns): string =>
    `${median(runs.map(({ cpu }) => cpu)).toFixed(3)} CPU s per 1,000, ${Math.round(median(runs.map(({ rate }) => rate)))} a second`;
  console.log(`${name.padEnd(24)} bare ${told(bareRuns)}; a look ${told(ourRuns)}`);
}

async function main(rounds: number): Promise<void> {
  const server = runProgram("tests/bench/look/server.ts");
  try {
    const [line] = await server.line(/.*plain.*/);
    const { plain, secure } = JSON.parse(line) as { plain: number; secure: number };
    const host = "127.0.0.1";
    const ca = testAuthority();
    const url = `http://${host}:${plain}/`;
    // as the probe does it: reading the authorities for each handshake would cost a third of it
    const secureContext = createSecureContext({ ca });
    const overTls = bare(requestSecure, {
      host,
      port: secure,
      secureContext,
      headers: { connection: "close" },
    });
    const overPlain = bare(requestPlain, { host, port: plain, headers: { connection: "close" } });
    const https = { url: `https://${host}:${secure}/`, ca };
    const cases: Case[] = [
      { name: "http", looks: 2_000, bare: overPlain, ours: ours({ url }) },
      {
        name: "http, connection kept",
        looks: 2_000,
        bare: overPlain,
        ours: ours({ url, reuseConnection: true }),
      },
      { name: "https", looks: 500, bare: overTls, ours: ours(https) },
      {
        name: "https, connection kept",
        looks: 500,
        bare: overTls,
        ours: ours({ ...https, reuseConnection: true }),
      },
    ];
    for (const each of cases) await compare(each, rounds);
  } finally {
    server.child.kill();
    await server.ended;
  }
}

await main(Number(process.argv[2] ?? 9));
