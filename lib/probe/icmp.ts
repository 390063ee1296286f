import { spawn, type ChildProcessByStdio } from "node:child_process";
import { lookup } from "node:dns";
import { isIP } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { z } from "zod";

import type { Observation } from "#lib/model/observation.ts";

import { Attempt } from "./attempt.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { hostSchema, ipFamilySchema } from "./fields.ts";
import { ICMP_CODES, refusalIn, replyIn } from "./icmp-output.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable } from "./redact.ts";

/** Between two requests; less is for the superuser alone in many versions of `ping`. */
const GAP_MS = 200;
/** Of the probe's time, what the last reply has at least. */
const LAST_REPLY_MS = 500;
/** Where systems keep `ping`; our own PATH may hold anything. */
const PROGRAM_PATH = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin";
// its words are read: they have to be the English ones; NODE_ENV is there for Next's types alone
const ENVIRONMENT = { PATH: PROGRAM_PATH, LC_ALL: "C", NODE_ENV: "production" } as const;

/** Whom an ICMP check asks for an echo, how often, and how much may get lost. */
export const icmpTargetSchema = z.strictObject({
  host: hostSchema.describe("Name or address."),
  ipFamily: ipFamilySchema,
  count: z
    .number()
    .int()
    .min(1, "must be at least 1")
    .max(20, "must be at most 20")
    .default(3)
    .describe("Echo requests, 200 ms apart; fewer when the time-out leaves no room for them."),
  maxLossPercent: z
    .number()
    .min(0, "must be at least 0")
    .max(99, "must be at most 99")
    .default(0)
    .describe("Share of the requests that may stay without a reply, in percent."),
});
type IcmpTarget = z.infer<typeof icmpTargetSchema>;

/**
 * Sends echo requests with the system's `ping`, which may open the raw socket that we may not. It gets
 * a numeric address and fixed options, and no shell. Never rejected because of the target.
 */
export async function probeIcmp(target: IcmpTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  const roomFor = 1 + Math.floor((options.timeoutMs - LAST_REPLY_MS) / GAP_MS);
  const echoes = new Echoes(Math.max(1, Math.min(target.count, roomFor)));
  let failure: ProbeFailure | null = null;
  try {
    const address = await addressOf(attempt, target);
    await ping(attempt, address, echoes);
    echoes.judge(target.maxLossPercent);
  } catch (error) {
    failure = toFailure(error);
    // time is over: what has come back by now is what there is
    if (failure.code === PROBE_CODES.deadline && echoes.begun)
      failure = echoes.verdict(target.maxLossPercent);
  }
  attempt.timings.firstByte = echoes.times[0] ?? null;
  return { ...attempt.finish(failure), details: echoes.details() };
}

/** What has come back so far. */
class Echoes {
  begun = false;
  readonly sent: number;
  readonly times: number[] = [];
  /** What was said instead of a reply: its code, and the line. */
  refusal: ProbeFailure | null = null;

  constructor(sent: number) {
    this.sent = sent;
  }

  hear(line: string): void {
    const time = replyIn(line);
    if (time !== null) this.times.push(time);
    const code = time === null ? refusalIn(line) : null;
    if (code !== null) this.refusal ??= new ProbeFailure(code, presentable(line, 200));
  }

  get complete(): boolean {
    return this.times.length >= this.sent;
  }

  get lossPercent(): number {
    return Math.round((100 * Math.max(0, this.sent - this.times.length)) / this.sent);
  }

  /** Null when enough came back. */
  verdict(maxLossPercent: number): ProbeFailure | null {
    if (this.times.length === 0) {
      return this.refusal ?? new ProbeFailure(ICMP_CODES.noReply, "no echo reply came in time");
    }
    if (this.lossPercent <= maxLossPercent) return null;
    return new ProbeFailure(ICMP_CODES.loss, `${this.lossPercent} % of the echo requests got no reply`);
  }

  judge(maxLossPercent: number): void {
    const failure = this.verdict(maxLossPercent);
    if (failure !== null) throw failure;
  }

  details(): Record<string, number> {
    const { sent, times, lossPercent } = this;
    if (!this.begun) return { sent: 0 };
    const facts = { sent, received: times.length, lossPercent };
    if (times.length === 0) return facts;
    const average = times.reduce((sum, time) => sum + time, 0) / times.length;
    return {
      ...facts,
      rttMinMs: Math.min(...times),
      rttAvgMs: Math.round(average * 1_000) / 1_000,
      rttMaxMs: Math.max(...times),
    };
  }
}

async function addressOf(attempt: Attempt, { host, ipFamily }: IcmpTarget): Promise<string> {
  const from = performance.now();
  const address =
    isIP(host) === 0
      ? await attempt.wait<string>((resolve, reject) => {
          lookup(host, { family: ipFamily === "both" ? 0 : ipFamily }, (error, found) =>
            error === null ? resolve(found) : reject(error),
          );
        })
      : host;
  if (isIP(host) === 0) attempt.timings.dns = performance.now() - from;
  attempt.remote = address;
  return address;
}

/** Resolves when every request has its reply or the program ends. */
async function ping(attempt: Attempt, address: string, echoes: Echoes): Promise<void> {
  attempt.phase = "connect";
  const program = start(attempt, address, echoes.sent);
  await attempt.wait<void>((resolve, reject) => {
    program.once("error", (error) => reject(cannotRun(error)));
    program.once("spawn", () => (echoes.begun = true));
    for (const output of [program.stdout, program.stderr]) {
      createInterface({ input: output, crlfDelay: Infinity }).on("line", (line) => {
        echoes.hear(line);
        if (echoes.complete) resolve();
      });
    }
    // "close", not "exit": by then all of its output has been read
    program.once("close", () => {
      const { refusal } = echoes;
      if (echoes.times.length === 0 && refusal !== null) reject(refusal);
      else resolve();
    });
  });
}

function start(
  attempt: Attempt,
  address: string,
  count: number,
): ChildProcessByStdio<null, Readable, Readable> {
  const family = isIP(address) === 6 ? "-6" : "-4";
  const options = ["-n", family, "-c", String(count), "-i", String(GAP_MS / 1_000)];
  const program = launch([...options, address]);
  attempt.atEnd(() => {
    program.kill("SIGKILL");
    program.stdout.destroy();
    program.stderr.destroy();
  });
  return program;
}

/** @throws ProbeFailure: some reasons come back at once, others as an event */
function launch(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  try {
    return spawn("ping", args, { stdio: ["ignore", "pipe", "pipe"], env: ENVIRONMENT });
  } catch (error) {
    throw cannotRun(error);
  }
}

function cannotRun(error: unknown): ProbeFailure {
  const { code, message } = toFailure(error);
  if (code === "ENOENT") return new ProbeFailure(ICMP_CODES.unavailable, "there is no ping program here");
  // the program has a privilege that this process may not pass on
  if (code === "EPERM" || code === "EACCES") return new ProbeFailure(ICMP_CODES.notAllowed, message);
  return new ProbeFailure(code, message);
}
