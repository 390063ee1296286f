import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { FAULTS, lookThrough, type FaultName, type Seen } from "#tests/support/gateways/faults.ts";
import { startGateway, type GatewayName, type RunningGateway } from "#tests/support/gateways/start.ts";
import type { GatewayOptions } from "#tests/support/gateways/program.ts";
import type { Capture } from "#tests/support/heldout/capture.ts";
import { CLOUD_CAPTURES } from "#tests/support/heldout/clouds.ts";
import { FIFTH_CLOUDS } from "#tests/support/heldout/fifth-clouds.ts";
import { FIFTH_OTHERS } from "#tests/support/heldout/fifth-others.ts";
import { FIFTH_PROXIES } from "#tests/support/heldout/fifth-proxies.ts";
import { FIFTH_CAPTURES } from "#tests/support/heldout/fifth.ts";
import { FOURTH_CAPTURES } from "#tests/support/heldout/fourth.ts";
import { OTHER_CAPTURES } from "#tests/support/heldout/others.ts";
import { SERVER_CAPTURES } from "#tests/support/heldout/servers.ts";
import { THIRD_CAPTURES, THIRD_OTHERS } from "#tests/support/heldout/third.ts";

// How well gateways and faults are named on answers that no rule was written from: captures of others,
// and the real programs in set-ups that the tests do not use.

/** Right, wrong, and what nothing was asked of. */
class Tally {
  right = 0;
  wrong: string[] = [];

  count(ok: boolean, what: string): void {
    if (ok) this.right++;
    else this.wrong.push(what);
  }

  print(name: string): void {
    const all = this.right + this.wrong.length;
    const share = all === 0 ? "-" : `${((100 * this.right) / all).toFixed(1)} %`;
    console.log(
      `${name.padEnd(58)} ${String(this.right).padStart(4)} of ${String(all).padStart(4)}  ${share}`,
    );
  }
}

const tallies = {
  code: new Tally(),
  gateway: new Tally(),
  named: new Tally(),
  open: new Tally(),
  answeredBy: new Tally(),
};

/** What is named of all faults, whether it can be told or not. */
const strict = { plain: new Tally(), revealing: new Tally() };

const CODES: Readonly<Record<number, string>> = {
  502: "bad_gateway",
  503: "service_unavailable",
  504: "gateway_timeout",
};

function judge(capture: Capture): Verdict {
  // without a time nothing is known of how long it took, so nothing may be concluded from it
  const took = capture.tookMs ?? null;
  const observation: Observation = {
    startedAt: "2026-01-02T03:04:05.678Z",
    phase: "done",
    timings: { dns: null, connect: 1, tls: null, firstByte: took, total: took ?? 20 },
    error: null,
    http: {
      status: capture.status,
      version: "1.1",
      headers: capture.headers ?? {},
      bodyStart: capture.body.slice(0, 2_048),
      bodyBytes: Buffer.byteLength(capture.body),
      bodyCapped: false,
      bodyMatched: null,
      url: "http://example.test/",
      redirects: 0,
    },
    remote: null,
    certificate: null,
  };
  return classify(observation, { slowMs: null, expectStatus: ["200-299"] });
}

function countCapture(capture: Capture): void {
  const verdict = judge(capture);
  const where = `${capture.status} ${capture.gateway ?? "nobody"} (${capture.source.slice(0, 110)})`;
  tallies.code.count(verdict.outcome === (CODES[capture.status] ?? "server_error"), where);
  tallies.gateway.count(verdict.gateway === capture.gateway, `${where}: said ${verdict.gateway ?? "nobody"}`);
  if (capture.kind === "open") {
    tallies.open.count(verdict.kind === null, `${where}: cannot be told, said ${verdict.kind ?? "nothing"}`);
  } else if (capture.kind !== undefined) {
    tallies.named.count(
      verdict.kind === capture.kind,
      `${where}: ${capture.kind}, said ${verdict.kind ?? "nothing"}`,
    );
  }
  if (capture.answeredBy !== undefined) {
    tallies.answeredBy.count(
      verdict.answeredBy === capture.answeredBy,
      `${where}: ${capture.answeredBy}, said ${verdict.answeredBy ?? "nothing"}`,
    );
  }
}

interface Run {
  readonly title: string;
  readonly name: GatewayName;
  readonly gateway: string;
  readonly faults: readonly FaultName[];
  readonly options: Omit<GatewayOptions, "upstream">;
  readonly through?: (behind: GatewayOptions) => Promise<RunningGateway>;
  /** Faults whose kind this set-up shows; the others look alike, and the true one has to be left open. */
  readonly shows: readonly FaultName[];
}

const HTTP_FAULTS: readonly FaultName[] = ["refused", "closed", "reset", "hang", "blackhole"];

/** One gateway before another: what stands behind is told by its own page. */
function before(outer: GatewayName, inner: GatewayName): NonNullable<Run["through"]> {
  return async (behind) => {
    const first = await startGateway(inner, behind);
    const second = await startGateway(outer, { upstream: first, answerMs: 30_000 });
    return {
      ...second,
      close: async () => {
        await second.close();
        await first.close();
      },
    };
  };
}

const RUNS: readonly Run[] = [
  {
    title: "nginx, no version, gzip, 3 s",
    name: "nginx",
    gateway: "nginx",
    faults: [...HTTP_FAULTS, "huge-header", "no-name", "none-live"],
    options: {
      connectMs: 2_000,
      answerMs: 3_000,
      extra: "server_tokens off; gzip on; gzip_types *; gzip_min_length 1;",
    },
    shows: ["hang"],
  },
  {
    title: "nginx with a page of one's own",
    name: "nginx",
    gateway: "nginx",
    faults: ["refused", "closed", "hang"],
    options: { answerMs: 1_500, ownPages: true },
    shows: ["hang"],
  },
  {
    title: "nginx that reveals, two servers",
    name: "nginx",
    gateway: "nginx",
    faults: ["refused", "closed", "hang", "blackhole", "huge-header", "no-name", "none-live"],
    options: { connectMs: 700, answerMs: 1_700, reveals: true, extra: "proxy_buffer_size 8k;" },
    shows: ["refused", "hang", "blackhole", "huge-header", "no-name", "none-live"],
  },
  {
    title: "HAProxy, one retry, redispatch, 2 s",
    name: "haproxy",
    gateway: "HAProxy",
    faults: [...HTTP_FAULTS, "none-live"],
    options: { connectMs: 2_000, answerMs: 2_500, extra: "  retries 1\n  option redispatch" },
    shows: ["refused", "hang", "blackhole", "none-live"],
  },
  {
    title: "HAProxy with defaults, 5 s",
    name: "haproxy",
    gateway: "HAProxy",
    faults: ["refused", "blackhole"],
    options: { connectMs: 1_500, answerMs: 5_000 },
    shows: ["refused", "blackhole"],
  },
  {
    title: "Apache, 2 s, pages without a signature",
    name: "apache",
    gateway: "Apache httpd",
    faults: [...HTTP_FAULTS, "huge-header", "no-name", "tls-untrusted"],
    options: { connectMs: 2_000, answerMs: 2_000, extra: "ServerTokens Prod\nServerSignature On" },
    shows: ["refused", "hang", "blackhole", "huge-header", "no-name", "tls-untrusted"],
  },
  {
    title: "Caddy, 3 s to connect",
    name: "caddy",
    gateway: "Caddy",
    faults: [...HTTP_FAULTS, "none-live", "no-name"],
    options: { connectMs: 3_000, answerMs: 2_500 },
    shows: ["hang", "blackhole", "none-live"],
  },
  {
    title: "Caddy that reveals, tries for 1 s",
    name: "caddy",
    gateway: "Caddy",
    faults: ["refused", "closed", "reset", "hang", "no-name", "tls-plain"],
    options: { answerMs: 1_200, reveals: true, extra: "lb_try_duration 1s" },
    shows: ["refused", "closed", "reset", "hang", "no-name", "tls-plain"],
  },
  {
    title: "Varnish with its own 3.5 s",
    name: "varnish",
    gateway: "Varnish",
    faults: HTTP_FAULTS,
    options: { connectMs: 3_500, answerMs: 4_000 },
    shows: ["hang", "blackhole"],
  },
  {
    title: "HAProxy behind nginx",
    name: "haproxy",
    gateway: "HAProxy",
    faults: ["refused", "closed", "hang"],
    options: { connectMs: 1_000, answerMs: 1_200 },
    through: before("nginx", "haproxy"),
    shows: ["refused", "hang"],
  },
  {
    title: "nginx behind HAProxy",
    name: "nginx",
    gateway: "nginx",
    faults: ["refused", "closed", "hang"],
    options: { answerMs: 1_200 },
    through: before("haproxy", "nginx"),
    shows: ["hang"],
  },
  {
    title: "Caddy behind nginx",
    name: "caddy",
    gateway: "Caddy",
    faults: ["refused", "hang"],
    options: { answerMs: 1_200 },
    through: before("nginx", "caddy"),
    shows: ["hang"],
  },
  {
    title: "Apache behind Caddy",
    name: "apache",
    gateway: "Apache httpd",
    faults: ["refused", "closed", "hang", "no-name"],
    options: { answerMs: 1_000 },
    through: before("caddy", "apache"),
    shows: ["refused", "hang", "no-name"],
  },
];

function countRun(run: Run, fault: FaultName, { observation, verdict }: Seen): void {
  const status = observation.http?.status ?? observation.error?.code ?? "nothing";
  const where = `${run.title}, ${fault}, ${status} after ${Math.round(observation.timings.firstByte ?? 0)} ms`;
  tallies.code.count(
    verdict.outcome === (CODES[Number(status)] ?? "server_error"),
    `${where}: ${verdict.outcome}`,
  );
  tallies.gateway.count(verdict.gateway === run.gateway, `${where}: said ${verdict.gateway ?? "nobody"}`);
  const truth = FAULTS[fault];
  strict[run.options.reveals === true ? "revealing" : "plain"].count(verdict.kind === truth, where);
  if (run.shows.includes(fault)) {
    tallies.named.count(verdict.kind === truth, `${where}: ${truth}, said ${verdict.kind ?? "nothing"}`);
  } else {
    const left = verdict.kind === null && (verdict.kinds?.includes(truth) ?? false);
    const said = verdict.kind ?? `only ${verdict.kinds?.join(", ") ?? "nothing"}`;
    tallies.open.count(left, `${where}: ${truth}, said ${said}`);
  }
}

const SETS: Readonly<Record<string, readonly Capture[]>> = {
  "--earlier": [...SERVER_CAPTURES, ...CLOUD_CAPTURES, ...OTHER_CAPTURES],
  "--third": [...THIRD_CAPTURES, ...THIRD_OTHERS],
  "--fourth": FOURTH_CAPTURES,
  "--fifth": [...FIFTH_CAPTURES, ...FIFTH_PROXIES, ...FIFTH_CLOUDS, ...FIFTH_OTHERS],
};

// `--third` and the like: that set alone; `--captures`: all sets, and no programs
const asked = Object.keys(SETS).filter((set) => process.argv.includes(set));
const captures = (asked.length === 0 ? Object.keys(SETS) : asked).flatMap((set) => SETS[set] ?? []);
for (const capture of captures) countCapture(capture);
console.log(`captures: ${captures.length}`);
if (asked.length === 0 && !process.argv.includes("--captures")) {
  for (const run of RUNS) {
    const seen = await lookThrough(run.name, run.faults, run.options, run.through);
    for (const [fault, look] of seen) countRun(run, fault, look);
  }
}
tallies.code.print("code");
tallies.gateway.print("gateway, or nobody where there is none");
tallies.named.print("kind, where the answer tells it");
tallies.open.print("kind left open, the true one among them, where it does not");
tallies.answeredBy.print("edge or origin");
strict.plain.print("programs as they come: named of all faults");
strict.revealing.print("programs set up to say more: named of all faults");
const missed = Object.entries(tallies).flatMap(([name, { wrong }]) =>
  wrong.map((what) => `  ${name}: ${what}`),
);
if (missed.length > 0) console.log(`\nmissed:\n${missed.join("\n")}`);
