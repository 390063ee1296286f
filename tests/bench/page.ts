// `npm run bench:page`: how fast the public page and its poll go out, against a bare node:http
// server that sends the same bytes, and with 90 days of history against none. It needs wrk and a
// production build, starts everything else itself, and exits with 1 when a bound is broken.
// Every ratio is taken within a round, between runs that are seconds apart, and the median of the
// rounds counts: what else the machine does then weighs on both sides. `--rounds 9 --seconds 2`
// are the defaults.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

import { ask, startBare, startDatabases, startWeb, type Cleanup } from "./page/servers.ts";
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

/** Names of the runs, in the order in which each round goes through them, every other one backwards. */
const RUNS = [
  "page, no history, bare",
  "page, no history",
  "page",
  "page, bare",
  "poll 200, bare",
  "poll 200",
  "poll 304",
  "poll 304, bare",
] as const;
type Run = (typeof RUNS)[number];
type Loads = Readonly<Record<Run, readonly Load[]>>;

async function measure(web: string, fresh: string, cleanup: Cleanup): Promise<Loads> {
  const tag = (await ask(`${web}/api/live`, GZIP)).header("etag") ?? "";
  const conditional = { ...GZIP, "If-None-Match": tag };
  const unchanged = await ask(`${web}/api/live`, conditional);
  if (unchanged.status !== 304) throw new Error(`the poll answered ${unchanged.status} to its own tag`);
  const bare = await startBare(
    {
      "/": await ask(`${web}/`, GZIP),
      "/fresh": await ask(`${fresh}/`, GZIP),
      "/api/live": await ask(`${web}/api/live`, GZIP),
      "/304": unchanged,
    },
    cleanup,
  );
  const targets: Readonly<Record<Run, readonly [string, Readonly<Record<string, string>>]>> = {
    page: [`${web}/`, GZIP],
    "page, bare": [`${bare}/`, GZIP],
    "poll 200": [`${web}/api/live`, GZIP],
    "poll 200, bare": [`${bare}/api/live`, GZIP],
    "poll 304": [`${web}/api/live`, conditional],
    "poll 304, bare": [`${bare}/304`, conditional],
    "page, no history": [`${fresh}/`, GZIP],
    "page, no history, bare": [`${bare}/fresh`, GZIP],
  };
  const loads = Object.fromEntries(RUNS.map((run) => [run, [] as Load[]])) as Record<Run, Load[]>;
  // the first round only warms up
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const run of round % 2 === 0 ? RUNS : RUNS.toReversed()) {
      const [url, headers] = targets[run];
      // a process that was not asked for a while is colder than one that was asked just now
      await load(url, 1, headers);
      if (round > 0) loads[run].push(await load(url, SECONDS, headers));
    }
    process.stderr.write(round === 0 ? "warmed up\n" : `round ${round} of ${ROUNDS}\n`);
  }
  if ((await ask(`${web}/api/live`, conditional)).status !== 304)
    throw new Error("the poll changed in mid-run");
  return loads;
}

/** The median over the rounds of how many requests a second one run got for each of the other. */
function perRound(loads: Loads, of: Run, to: Run): number {
  return middle(loads[of].map((load, round) => load.perSecond / (loads[to][round]?.perSecond ?? Infinity)));
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
        const { perSecond, p50, p99 } = median(loads[run]);
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
  const databases = await startDatabases(cleanup);
  const web = await startWeb(databases.full, cleanup);
  const fresh = await startWeb(databases.fresh, cleanup);
  const loads = await measure(web, fresh, cleanup);
  const bounds = [
    atLeast("page against bare", perRound(loads, "page", "page, bare"), 0.5),
    atLeast("poll 200 against bare", perRound(loads, "poll 200", "poll 200, bare"), 0.5),
    atLeast("poll 304 against bare", perRound(loads, "poll 304", "poll 304, bare"), 0.5),
    atLeast(
      "page without history against bare",
      perRound(loads, "page, no history", "page, no history, bare"),
      0.5,
    ),
    atLeast(
      "90 days of history against none, each against its own bytes",
      perRound(loads, "page", "page, bare") / perRound(loads, "page, no history", "page, no history, bare"),
      0.95,
    ),
    below("page, gzip", (await ask(`${web}/`, GZIP)).bytes, 15 * 1024, " bytes"),
    below("page without history, gzip", (await ask(`${fresh}/`, GZIP)).bytes, 15 * 1024, " bytes"),
    below("page, brotli", (await ask(`${web}/`, { "Accept-Encoding": "br" })).bytes, 15 * 1024, " bytes"),
    below("poll, gzip", (await ask(`${web}/api/live`, GZIP)).bytes, 2 * 1024, " bytes"),
    below("renders of 300 random queries", await rendersOfRandomQueries(web), 1, ""),
  ];
  print(loads, bounds);
  // the page with history is longer, which a bare server feels as well
  const longer = (of: Run, to: Run) => perRound(loads, of, to).toFixed(3);
  console.log(`90 days of history against none, as sent: ${longer("page", "page, no history")}`);
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
