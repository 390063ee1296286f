// `npm run bench:page`: how fast the public page and its poll go out, against a bare node:http
// server that sends the same bytes, and with 90 days of history against none. It needs wrk and a
// production build, starts everything else itself, and exits with 1 when a bound is broken.
// Every ratio is taken within a round, between runs that are seconds apart, and the median of the
// rounds counts: what else the machine does then weighs on both sides. With and without history it
// is the same web process, whose database is filled anew in each round: two processes differ by
// more than what is looked for. `--rounds 9 --seconds 2` are the defaults.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import {
  ask,
  startBare,
  startBenchDatabase,
  startWeb,
  type Answer,
  type BenchDatabase,
  type Cleanup,
} from "./page/servers.ts";
import { load, median, middle, requireWrk, type Load } from "./page/wrk.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, seconds: { type: "string", default: "2" } },
});
const ROUNDS = Number(values.rounds);
const SECONDS = Number(values.seconds);
const GZIP = { "Accept-Encoding": "gzip" };

interface Bound {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly holds: boolean;
  readonly wanted: string;
}

const atLeast = (name: string, value: number, least: number): Bound => ({
  name,
  value,
  unit: "",
  holds: value >= least,
  wanted: `at least ${least}`,
});
const below = (name: string, value: number, most: number, unit: string): Bound => ({
  name,
  value,
  unit,
  holds: value < most,
  wanted: `below ${most}${unit}`,
});

/** Days of history in each half of a round, and what is run then, every other round backwards. */
const HALVES = {
  none: { days: 0, runs: ["page, no history, bare", "page, no history"] },
  full: {
    days: 90,
    runs: ["page", "page, bare", "poll 200, bare", "poll 200", "poll 304", "poll 304, bare"],
  },
} as const;
type Half = keyof typeof HALVES;
type Run = (typeof HALVES)[Half]["runs"][number];
type Loads = ReadonlyMap<Run, Load[]>;
const RUNS: readonly Run[] = [...HALVES.none.runs, ...HALVES.full.runs];

/** The page as it is with this much history, once the web process has heard of it. */
async function fill(database: BenchDatabase, web: string, half: Half): Promise<Answer> {
  const before = (await ask(`${web}/`, GZIP)).header("etag");
  await database.fill(HALVES[half].days);
  for (let tries = 0; tries < 100; tries += 1) {
    const page = await ask(`${web}/`, GZIP);
    if (page.status === 200 && page.header("etag") !== before) return page;
    await sleep(50);
  }
  throw new Error("the page did not change with its data");
}

async function measure(database: BenchDatabase, web: string, cleanup: Cleanup): Promise<Loads> {
  const fresh = await fill(database, web, "none");
  const page = await fill(database, web, "full");
  const poll = await ask(`${web}/api/live`, GZIP);
  const unchanged = await ask(`${web}/api/live`, { ...GZIP, "If-None-Match": poll.header("etag") ?? "" });
  if (unchanged.status !== 304) throw new Error(`the poll answered ${unchanged.status} to its own tag`);
  const bare = await startBare({ "/": page, "/fresh": fresh, "/api/live": poll, "/304": unchanged }, cleanup);
  const urls: Readonly<Record<Run, string>> = {
    page: `${web}/`,
    "page, bare": `${bare}/`,
    "poll 200": `${web}/api/live`,
    "poll 200, bare": `${bare}/api/live`,
    "poll 304": `${web}/api/live`,
    "poll 304, bare": `${bare}/304`,
    "page, no history": `${web}/`,
    "page, no history, bare": `${bare}/fresh`,
  };
  const loads = new Map<Run, Load[]>(RUNS.map((run) => [run, []]));
  // the first round only warms up
  for (let round = 0; round <= ROUNDS; round += 1) {
    const turn = <T>(list: readonly T[]): readonly T[] => (round % 2 === 0 ? list : list.toReversed());
    for (const half of turn<Half>(["none", "full"])) {
      await fill(database, web, half);
      const tag = (await ask(`${web}/api/live`, GZIP)).header("etag") ?? "";
      for (const run of turn<Run>(HALVES[half].runs)) {
        const headers = run.startsWith("poll 304") ? { ...GZIP, "If-None-Match": tag } : GZIP;
        // a process that was not asked for a while is colder than one that was asked just now
        await load(urls[run], 1, headers);
        if (round > 0) loads.get(run)?.push(await load(urls[run], SECONDS, headers));
      }
      const still = await ask(`${web}/api/live`, { ...GZIP, "If-None-Match": tag });
      if (still.status !== 304) throw new Error("the poll changed in mid-run");
    }
    process.stderr.write(round === 0 ? "warmed up\n" : `round ${round} of ${ROUNDS}\n`);
  }
  return loads;
}

/** The median over the rounds of how many requests a second one run got for each of the other. */
function perRound(loads: Loads, of: Run, to: Run): number {
  const against = loads.get(to) ?? [];
  return middle(
    (loads.get(of) ?? []).map((load, round) => load.perSecond / (against[round]?.perSecond ?? Infinity)),
  );
}

/** How many of 300 requests with a random query were rendered instead of answered from memory. */
async function rendersOfRandomQueries(web: string): Promise<number> {
  await ask(`${web}/`);
  let rendered = 0;
  for (let i = 0; i < 300; i += 1) {
    const { header } = await ask(`${web}/?${Math.random().toString(36).slice(2)}=${i}`);
    if (header("x-cache") === "MISS") rendered += 1;
  }
  return rendered;
}

function print(loads: Loads, bounds: readonly Bound[]): void {
  console.table(
    Object.fromEntries(
      RUNS.map((run) => {
        const { perSecond, p50, p99 } = median(loads.get(run) ?? []);
        return [
          run,
          {
            "requests/s": Math.round(perSecond),
            "p50 ms": Number(p50.toFixed(2)),
            "p99 ms": Number(p99.toFixed(2)),
          },
        ];
      }),
    ),
  );
  for (const { name, value, unit, holds, wanted } of bounds) {
    console.log(`${holds ? "ok    " : "BROKEN"}  ${name}: ${Number(value.toFixed(3))}${unit} (${wanted})`);
  }
}

async function main(cleanup: Cleanup): Promise<boolean> {
  const database = await startBenchDatabase(cleanup);
  await database.fill(90);
  const web = await startWeb(database.url, cleanup);
  const loads = await measure(database, web, cleanup);
  const page = await fill(database, web, "none").then(() => fill(database, web, "full"));
  const bounds = [
    atLeast("page against bare", perRound(loads, "page", "page, bare"), 0.5),
    atLeast("poll 200 against bare", perRound(loads, "poll 200", "poll 200, bare"), 0.5),
    atLeast("poll 304 against bare", perRound(loads, "poll 304", "poll 304, bare"), 0.5),
    atLeast(
      "page without history against bare",
      perRound(loads, "page, no history", "page, no history, bare"),
      0.5,
    ),
    atLeast("90 days of history against none, as sent", perRound(loads, "page", "page, no history"), 0.95),
    below("page, gzip", page.bytes, 15 * 1024, " bytes"),
    below("page, brotli", (await ask(`${web}/`, { "Accept-Encoding": "br" })).bytes, 15 * 1024, " bytes"),
    below("poll, gzip", (await ask(`${web}/api/live`, GZIP)).bytes, 2 * 1024, " bytes"),
    below("renders of 300 random queries", await rendersOfRandomQueries(web), 1, ""),
  ];
  print(loads, bounds);
  // the page with history is longer, which a bare server feels as well
  const longer = (of: Run, to: Run) => perRound(loads, of, to).toFixed(3);
  console.log(`the same bytes from the bare server: ${longer("page, bare", "page, no history, bare")}`);
  return bounds.every(({ holds }) => holds);
}

requireWrk();
if (!existsSync(".next/BUILD_ID")) {
  console.error("There is no production build: run `npm run build` first.");
  process.exit(1);
}
const cleanup: Cleanup = [];
try {
  process.exitCode = (await main(cleanup)) ? 0 : 1;
} finally {
  for (const undo of cleanup.toReversed()) await undo();
}
