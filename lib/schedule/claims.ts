import { setTimeout as sleep } from "node:timers/promises";

import type { Job } from "pg-boss";

import type { Log } from "#lib/base/log.ts";

/** Two signals for one piece of work: begin nothing new, and drop what is running. */
export interface Leave {
  readonly winding: AbortSignal;
  readonly aborted: AbortSignal;
}

/** A job as far as it is needed here. */
export type Claimed<Data> = Pick<Job<Data>, "id" | "data" | "retryCount">;

/** What is asked of pg-boss; an agent asks the same of the server over HTTPS. */
export interface JobQueue {
  fetch(queue: string, options: { readonly batchSize: number }): Promise<readonly Claimed<object>[]>;
  /** @returns with `settled`: the ids that are still ours */
  touch(queue: string, jobs: Pick<Job, "id" | "retryCount">[]): Promise<object>;
  complete(queue: string, job: Pick<Job, "id" | "retryCount">): Promise<unknown>;
  fail(queue: string, job: Pick<Job, "id" | "retryCount">): Promise<unknown>;
}

export interface ClaimsOptions<Data extends object> {
  readonly boss: JobQueue;
  readonly queue: string;
  readonly log: Log;
  /** How often to ask for work, milliseconds. */
  readonly pollMs: number;
  /** Jobs to take at once. */
  readonly batchSize: number | (() => number);
  /** Told of jobs that were just taken, before they are worked on; failing is logged. */
  readonly onTaken?: (jobs: readonly Claimed<Data>[]) => Promise<void>;
  /** Told of each job that is done or given back; failing is logged. */
  readonly onSettled?: (job: Pick<Job, "id" | "retryCount">) => Promise<void>;
  /** Does one job. A job whose handler throws, or returns while winding down, goes back to the queue. */
  readonly handle: (data: Data, leave: Leave) => Promise<void>;
}

export interface Claims {
  /** Asks for jobs now, beside the regular asking. */
  take(count: number): Promise<void>;
  /** Ids of the jobs in hand. */
  held(): string[];
  /** Drops what runs for these jobs, and gives them back where they are still ours. */
  letGo(ids: readonly string[]): void;
  /** Takes no more jobs, lets those in hand finish what runs for `graceMs`, and gives back the rest. */
  stop(graceMs: number): Promise<void>;
}

const HEARTBEAT_MS = 2_500;
const SETTLE_TRIES = 5;

interface Held {
  readonly job: Pick<Job, "id" | "retryCount">;
  readonly winding: AbortController;
  readonly aborting: AbortController;
  done: Promise<void>;
  settling: boolean;
}

/**
 * Takes jobs off a pg-boss queue and holds them by heartbeat while they are worked on, any number
 * at a time. pg-boss's own `work()` waits for one job before it asks for the next, but a slot
 * outlasts its window while a target hangs, and the next one must not wait for it.
 */
export function startClaims<Data extends object>(options: ClaimsOptions<Data>): Claims {
  const { boss, queue, log, handle } = options;
  const held = new Map<string, Held>();
  const stopping = new AbortController();
  let failing = false;

  function reportOnce(message: string, error: unknown): void {
    if (!failing) log.warn(message, { queue, error });
    failing = true;
  }

  async function take(batchSize: number): Promise<void> {
    // what was put into the queue is what comes out of it
    const jobs = (await boss.fetch(queue, { batchSize })) as readonly Claimed<Data>[];
    failing = false;
    if (jobs.length > 0) {
      await options.onTaken?.(jobs).catch((error: unknown) => reportOnce("noting a claim failed", error));
    }
    for (const job of jobs) {
      const claim: Held = {
        job: { id: job.id, retryCount: job.retryCount },
        winding: new AbortController(),
        aborting: new AbortController(),
        done: Promise.resolve(),
        settling: false,
      };
      held.set(job.id, claim);
      claim.done = workOn(job, claim);
    }
  }

  async function workOn(job: Claimed<Data>, claim: Held): Promise<void> {
    let finished = false;
    try {
      await handle(job.data, { winding: claim.winding.signal, aborted: claim.aborting.signal });
      finished = !claim.winding.signal.aborted;
    } catch (error) {
      log.error("a job failed", { queue, job: job.id, error });
    }
    claim.settling = true;
    await settle(claim, finished);
    await options
      .onSettled?.(claim.job)
      .catch((error: unknown) => reportOnce("taking a note of a claim back failed", error));
    if (held.get(job.id) === claim) held.delete(job.id);
  }

  /** Tells the queue how it ended; a queue that cannot be told notices by the missing heartbeat. */
  async function settle(claim: Held, finished: boolean): Promise<void> {
    for (let attempt = 1; attempt <= SETTLE_TRIES; attempt += 1) {
      try {
        await (finished ? boss.complete(queue, claim.job) : boss.fail(queue, claim.job));
        return;
      } catch (error) {
        reportOnce("a job could not be settled", error);
        await sleep(200 * attempt);
      }
    }
  }

  /** Shows that the jobs are in good hands; one that is not ours any more is let go. */
  async function beat(): Promise<void> {
    const jobs = [...held.values()].filter((claim) => !claim.settling).map((claim) => claim.job);
    if (jobs.length === 0) return;
    const answer = await boss.touch(queue, jobs);
    const ours = settledIds(answer);
    if (ours === null) return;
    letGo(jobs.filter(({ id }) => !ours.has(id)).map(({ id }) => id));
  }

  function letGo(ids: readonly string[]): void {
    for (const id of ids) {
      const claim = held.get(id);
      if (claim === undefined || claim.settling || claim.aborting.signal.aborted) continue;
      log.warn("lets go of a job", { queue, job: id });
      claim.winding.abort();
      claim.aborting.abort();
    }
  }

  const beating = setInterval(() => {
    beat().catch((error: unknown) => reportOnce("a heartbeat failed", error));
  }, HEARTBEAT_MS);

  const polling = (async () => {
    while (!stopping.signal.aborted) {
      const count = typeof options.batchSize === "number" ? options.batchSize : options.batchSize();
      await take(count).catch((error: unknown) => reportOnce("asking for work failed", error));
      await sleep(options.pollMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();

  return {
    take,
    held: () => [...held.keys()],
    letGo,
    stop: async (graceMs) => {
      stopping.abort();
      await polling;
      for (const claim of held.values()) claim.winding.abort();
      const abort = setTimeout(() => {
        for (const claim of held.values()) claim.aborting.abort();
      }, graceMs);
      await Promise.all([...held.values()].map((claim) => claim.done));
      clearTimeout(abort);
      clearInterval(beating);
    },
  };
}

/** The ids that a touch() found still claimed; null when pg-boss does not say. */
function settledIds(answer: object): ReadonlySet<string> | null {
  const ids: unknown = Reflect.get(answer, "settled");
  return Array.isArray(ids) ? new Set(ids.filter((id) => typeof id === "string")) : null;
}
