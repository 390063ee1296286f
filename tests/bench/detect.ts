/**
 * How long a visitor waits for the truth: from the moment that a target begins to answer 502 until
 * `/` and `/api/live` say so, and the same for its recovery. Everything runs as `npm start` runs
 * it (embedded PostgreSQL, worker, page cache, Next), with ten targets on loopback at
 * `interval: 10s` that switch at random moments, spread evenly over the interval.
 *
 *     npm run bench:detect            20 failures and 20 recoveries, about 90 s
 *     npm run bench:detect -- 60      at least as many as asked
 *
 * Ends with 1 when anything took longer than 15 s, or half of it longer than 8 s.
 */
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { COMPONENT_STATUS_LABELS } from "#lib/model/status.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { runProgram } from "#tests/support/run-program.ts";

const TARGETS = 10;
const INTERVAL_MS = 10_000;
const LOOK_EVERY_MS = 100;
const GIVE_UP_MS = 60_000;
const MOST_MS = 15_000;
const MEDIAN_MS = 8_000;

const DOWN = "major_outage";
const UP = "operational";
type Shown = typeof DOWN | typeof UP;

/** What a visitor sees of each component, by slug. */
interface Sight {
  readonly page: Map<string, string>;
  readonly api: Map<string, string>;
}

interface Delay {
  readonly page: number;
  readonly api: number;
}

async function measure(rounds: number): Promise<number> {
  const upstreams = await Promise.all(Array.from({ length: TARGETS }, () => startFakeUpstream()));
  const directory = await makeTestDirectory();
  const port = await freePort();
  const file = join(directory.path, "gatewatch.yaml");
  await writeFile(file, configuration(upstreams));
  const start = runProgram("bin/start.ts", {
    env: {
      PORT: String(port),
      HOST: "127.0.0.1",
      GATEWATCH_DATA_DIR: join(directory.path, "data"),
      GATEWATCH_CONFIG: file,
    },
  });
  const done = new AbortController();
  try {
    await start.line(/Gatewatch is running/);
    const origin = `http://127.0.0.1:${port}`;
    const sight: Sight = { page: new Map(), api: new Map() };
    const looking = Promise.all([
      lookAtPage(origin, sight, done.signal),
      lookAtApi(origin, sight, done.signal),
    ]);
    await Promise.race([
      looking,
      Promise.all(upstreams.map((_, index) => becomes(sight, slugOf(index), UP))),
    ]);
    console.log(
      `${rounds * TARGETS} failures and recoveries of ${TARGETS} targets, interval 10 s, confirmed after 0.5 s and 2 s,` +
        ` at random moments spread evenly over the interval;` +
        ` seen over HTTP on ${origin}, asked every ${LOOK_EVERY_MS} ms`,
    );
    const switching = Promise.all(
      upstreams.map((upstream, index) => switchTarget(upstream, index, rounds, sight)),
    );
    // the looking ends only by being told to, or by an answer that nobody should get
    await Promise.race([looking, switching]);
    done.abort();
    await looking;
    return report((await switching).flat());
  } finally {
    done.abort();
    start.child.kill("SIGTERM");
    await start.ended;
    await Promise.all(upstreams.map((upstream) => upstream.close()));
    await directory.remove();
  }
}

interface Run {
  readonly down: Delay;
  readonly up: Delay;
}

/** Breaks and mends one target again and again, each time at another point of its interval. */
async function switchTarget(
  upstream: FakeUpstream,
  index: number,
  rounds: number,
  sight: Sight,
): Promise<Run[]> {
  const slug = slugOf(index);
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await sleep(untilPoint(upstream, round * TARGETS + index, rounds * TARGETS));
    upstream.behave("bad-gateway");
    const down = await becomes(sight, slug, DOWN);
    await sleep(untilPoint(upstream, round * TARGETS + ((index * 3) % TARGETS), rounds * TARGETS));
    upstream.behave("ok");
    runs.push({ down, up: await becomes(sight, slug, UP) });
  }
  return runs;
}

/**
 * Milliseconds until a random moment in the n-th of `parts` equal parts of the interval, counted
 * from when the target is looked at: so that twenty switches cover the interval as evenly as
 * thousands would, and the median says something of the product, not of the dice.
 */
function untilPoint({ arrivals }: FakeUpstream, n: number, parts: number): number {
  const now = performance.timeOrigin + performance.now();
  const point = ((n + Math.random()) / parts) * INTERVAL_MS;
  const since = (now - (arrivals[0] ?? now)) % INTERVAL_MS;
  return (point - since + INTERVAL_MS) % INTERVAL_MS;
}

/** Milliseconds from now until page and API show it; infinite when one of them never does. */
async function becomes(sight: Sight, slug: string, wanted: Shown): Promise<Delay> {
  const from = performance.now();
  const delay = { page: Infinity, api: Infinity };
  while (performance.now() - from < GIVE_UP_MS) {
    const now = performance.now() - from;
    if (sight.page.get(slug) === wanted) delay.page = Math.min(delay.page, now);
    if (sight.api.get(slug) === wanted) delay.api = Math.min(delay.api, now);
    if (delay.page < Infinity && delay.api < Infinity) break;
    await sleep(20);
  }
  return delay;
}

const ROW =
  /<li class="row [^>]*>.*?href="\/components\/([a-z0-9-]+)".*?<span class="row-status">(.*?)<\/span>/gs;

async function lookAtPage(origin: string, sight: Sight, signal: AbortSignal): Promise<void> {
  const statuses = new Map(Object.entries(COMPONENT_STATUS_LABELS).map(([status, label]) => [label, status]));
  await ask(`${origin}/`, signal, (html) => {
    for (const [, slug = "", status = ""] of html.matchAll(ROW)) {
      const label = status.replaceAll(/<[^>]*>/g, "").trim();
      sight.page.set(slug, statuses.get(label) ?? label);
    }
  });
}

async function lookAtApi(origin: string, sight: Sight, signal: AbortSignal): Promise<void> {
  const slugs = new Map<string, string>();
  const page = JSON.parse(await (await fetch(`${origin}/api/page`)).text());
  for (const group of page.groups) for (const { id, slug } of group.components) slugs.set(id, slug);
  await ask(`${origin}/api/live`, signal, (json) => {
    for (const [id, status] of JSON.parse(json).components) sight.api.set(slugs.get(id) ?? id, status);
  });
}

/** Asks as a browser without a cache of its own would, until the end. */
async function ask(url: string, signal: AbortSignal, read: (body: string) => void): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(url);
    const body = await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 200)}`);
    read(body);
    await sleep(LOOK_EVERY_MS);
  }
}

function report(runs: readonly Run[]): number {
  const rows = [
    ["failure on /", runs.map((run) => run.down.page)],
    ["failure on /api/live", runs.map((run) => run.down.api)],
    ["recovery on /", runs.map((run) => run.up.page)],
    ["recovery on /api/live", runs.map((run) => run.up.api)],
  ] as const;
  let kept = true;
  for (const [what, delays] of rows) {
    const sorted = delays.toSorted((a, b) => a - b);
    const [median, p90, most] = [at(sorted, 0.5), at(sorted, 0.9), at(sorted, 1)];
    const ok = most <= MOST_MS && median <= MEDIAN_MS;
    kept &&= ok;
    console.log(
      `${what.padEnd(22)} n ${sorted.length}  median ${seconds(median)}  p90 ${seconds(p90)}  max ${seconds(most)}  ${ok ? "kept" : "BROKEN"}`,
    );
  }
  console.log(`asked: at most ${seconds(MOST_MS)}, at the median ${seconds(MEDIAN_MS)}`);
  return kept ? 0 : 1;
}

/** The q-quantile of sorted values, by nearest rank. */
function at(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Infinity;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function slugOf(index: number): string {
  return `target-${index + 1}`;
}

function configuration(upstreams: readonly FakeUpstream[]): string {
  const components = upstreams.map(
    ({ url }, index) =>
      `  - name: Target ${index + 1}\n    checks:\n      - { name: front door, kind: http, url: "${url}", interval: 10s, timeout: 5s }\n`,
  );
  return `page: { name: Detection }\ncomponents:\n${components.join("")}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const failures = Math.max(TARGETS * 2, Number(process.argv[2] ?? 0));
process.exitCode = await measure(Math.ceil(failures / TARGETS));
