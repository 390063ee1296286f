import { z } from "zod";

import type { Observation } from "#lib/model/observation.ts";
import type { PushStanding } from "#lib/model/push.ts";

import { Attempt } from "./attempt.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable } from "./redact.ts";

/** Codes of kind `push` beside MISSED and REPORTED_FAILURE; lib/classify/kind-codes.ts has their meaning. */
export const PUSH_CODES = {
  /** Nobody has called, and nobody had to. */
  awaiting: "PUSH_AWAITING",
  /** Whoever looks cannot read the signals: an agent, a test before saving, a database that is away. */
  unreadable: "PUSH_UNREADABLE",
} as const;

const MAX_EVERY_MS = 35 * 86_400_000;

/** How often a job calls, and how late it may be. Nothing is connected to: the job calls us. */
export const pushTargetSchema = z.strictObject({
  everyMs: z
    .number()
    .int()
    .min(1_000, "must be at least 1s")
    .max(MAX_EVERY_MS, "must be at most 35 days (840h)")
    .describe("How often the job calls: the time from one call to the next."),
  graceMs: z
    .number()
    .int()
    .min(0, "must not be negative")
    .max(MAX_EVERY_MS, "must be at most 35 days (840h)")
    .default(60_000)
    .describe("How much later than that it may call before it counts as missed."),
});
type PushTarget = z.infer<typeof pushTargetSchema>;

/** Judges the last signal of a job that calls us. Never rejects. */
export async function probePush(target: PushTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  attempt.phase = "first_byte";
  const details: Record<string, string | number> = { everyMs: target.everyMs, graceMs: target.graceMs };
  let failure: ProbeFailure | null = null;
  try {
    judge(target, await read(attempt, options), details);
  } catch (error) {
    failure = toFailure(error);
  }
  return { ...attempt.finish(failure), details };
}

async function read(attempt: Attempt, { lastSignal }: ProbeOptions): Promise<PushStanding> {
  if (lastSignal === undefined) throw unreadable("the signals of jobs cannot be read from here");
  let standing: PushStanding | null;
  try {
    standing = await attempt.wait((resolve, reject) => {
      lastSignal().then(resolve, reject);
    });
  } catch (error) {
    if (toFailure(error).code === PROBE_CODES.aborted) throw error;
    // not the job's fault, whatever it is
    throw unreadable("the signals could not be read");
  }
  if (standing === null) throw unreadable("there is no such check any more");
  return standing;
}

function unreadable(message: string): ProbeFailure {
  return new ProbeFailure(PUSH_CODES.unreadable, message);
}

function judge(
  { everyMs, graceMs }: PushTarget,
  { createdMsAgo, last }: PushStanding,
  details: Record<string, string | number>,
): void {
  const silentMs = Math.round(last?.msAgo ?? createdMsAgo);
  details["silentMs"] = silentMs;
  if (last !== null) {
    details["reports"] = last.ok ? "up" : "down";
    if (last.message !== null) details["message"] = presentable(last.message, 500);
    if (last.durationMs !== null) details["jobMs"] = last.durationMs;
  }
  if (silentMs > everyMs + graceMs) {
    throw new ProbeFailure(PROBE_CODES.missed, "the job has not called in time");
  }
  if (last === null) throw new ProbeFailure(PUSH_CODES.awaiting, "the job has not called yet");
  if (!last.ok) throw new ProbeFailure(PROBE_CODES.reportedFailure, "the job reports a failure");
}
