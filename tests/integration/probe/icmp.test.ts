import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, parseTarget, runProbe } from "#lib/probe/registry.ts";

interface Seen {
  readonly observation: Observation;
  readonly verdict: Verdict;
}

async function look(target: object, timeoutMs = 3_000): Promise<Seen> {
  const check = { kind: "icmp", target, timeoutMs, slowMs: null };
  const observation = await runProbe(check);
  return { observation, verdict: classify(observation, expectationsOf(check)) };
}

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, "../../support/programs/look.ts");
// without root a user namespace stands in for it, where the system has them
const ALONE = process.getuid?.() === 0 ? ["--net"] : ["--map-root-user", "--net"];

/** Looks from a network namespace of its own that vanishes with the process, prepared by these commands. */
async function lookAlone(prepare: string, target: object, timeoutMs: number, as = ""): Promise<Seen> {
  const script = `set -e; ip link set lo up; ${prepare}; exec ${as} "$@"`;
  const command = [process.execPath, PROGRAM, "icmp", JSON.stringify(target), String(timeoutMs)];
  const { stdout } = await run("unshare", [...ALONE, "sh", "-c", script, "sh", ...command], {
    timeout: 15_000,
    killSignal: "SIGKILL",
  });
  return JSON.parse(stdout) as Seen;
}

const filter = (hook: string, rule: string): string =>
  `nft add table ip t; nft add chain ip t c '{ type filter hook ${hook} priority 0; }'; nft add rule ip t c ${rule}`;

describe("echo requests", () => {
  test.each([
    ["127.0.0.1", "both" as const, "127.0.0.1"],
    ["localhost", 4 as const, "127.0.0.1"],
  ])("to %s (%s) are timed and counted", async (host, ipFamily, remote) => {
    const { observation, verdict } = await look({ host, ipFamily, count: 2 });
    expect([verdict.outcome, observation.remote]).toEqual(["up", remote]);
    expect(observation.details).toEqual({
      sent: 2,
      received: 2,
      lossPercent: 0,
      rttMinMs: expect.any(Number),
      rttAvgMs: expect.any(Number),
      rttMaxMs: expect.any(Number),
    });
    expect(observation.timings.dns === null).toBe(host !== "localhost");
  });

  test("are fewer when the time-out leaves no room", async () => {
    const { observation, verdict } = await look({ host: "127.0.0.1", count: 20 }, 950);
    expect([verdict.outcome, observation.details?.["sent"]]).toEqual(["up", 3]);
  });

  test("to a name that does not exist fail at the name", async () => {
    const { verdict } = await look({ host: "gatewatch-test.invalid" }, 10_000);
    expect(verdict.outcome).toBe("dns_failure");
  });

  test.each(["-f", "--", "127.0.0.1 -f", "a;id", "$(id)", "-c1", "a\nb", "", "x".repeat(300)])(
    "never take %j for a host",
    (host) => {
      expect(() => parseTarget("icmp", { host })).toThrow(/host/);
    },
  );
});

describe.concurrent("echo requests behind a real packet filter", () => {
  test("that drops them all end with the time", async () => {
    const seen = await lookAlone(filter("input", "icmp type echo-reply drop"), { host: "127.0.0.1" }, 900);
    expect(seen).toMatchObject({
      verdict: { outcome: "connect_timeout", summary: expect.stringMatching(/^No echo reply within/) },
      observation: { error: { code: "ICMP_NO_REPLY" }, details: { sent: 3, received: 0, lossPercent: 100 } },
    });
  });

  test("that drops every other one are measured against what may get lost", async () => {
    const half = filter("input", "icmp type echo-reply numgen inc mod 2 == 0 drop");
    const [strict, lenient] = await Promise.all([
      lookAlone(half, { host: "127.0.0.1", count: 4 }, 1_500),
      lookAlone(half, { host: "127.0.0.1", count: 4, maxLossPercent: 50 }, 1_500),
    ]);
    expect(strict).toMatchObject({
      verdict: {
        outcome: "response_timeout",
        summary: "2 of 4 echo requests got no reply (50 %), more than the check allows.",
      },
      observation: { error: { code: "ICMP_LOSS" } },
    });
    expect([lenient.verdict.outcome, lenient.observation.error]).toEqual(["up", null]);
  });

  test("that says no are told so", async () => {
    const rule = "ip daddr 127.0.0.1 icmp type echo-request reject with icmp type admin-prohibited";
    const seen = await lookAlone(filter("input", rule), { host: "127.0.0.1", count: 1 }, 2_000);
    expect(seen.verdict.outcome).toBe("connection_refused");
    expect(seen.observation.error?.code).toBe("ICMP_FILTERED");
  });

  test("without a way there say nothing about the target", async () => {
    const seen = await lookAlone("true", { host: "192.0.2.7" }, 2_000);
    expect([seen.verdict.outcome, seen.observation.error?.code]).toEqual(["unknown", "ENETUNREACH"]);
  });

  test("that this system does not allow say what to do", async () => {
    const seen = await lookAlone(
      "true",
      { host: "127.0.0.1" },
      2_000,
      "setpriv --inh-caps=-all --bounding-set=-net_raw",
    );
    expect(seen).toMatchObject({
      verdict: { outcome: "unknown", summary: expect.stringMatching(/cap_net_raw/) },
      observation: { error: { code: "ICMP_NOT_ALLOWED" } },
    });
  });
});
