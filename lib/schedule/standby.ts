import { setTimeout as sleep } from "node:timers/promises";

import type { Log } from "#lib/base/log.ts";
import { keepPresence, type Surroundings } from "#lib/store/presence.ts";
import type { JobAttempt } from "#lib/store/slot-claims.ts";

import type { Claims, JobQueue } from "./claims.ts";

export interface StandbyOptions {
  readonly connectionString: string;
  readonly regionId: number;
  readonly workerId: string;
  readonly boss: Pick<JobQueue, "fail">;
  readonly queue: string;
  /** Begins to take jobs, once the others can see that this worker is there. */
  readonly start: () => Claims;
  /** How many workers of the region there are now. */
  readonly onWorkers: (workers: number) => void;
  readonly log: Log;
}

/** Without a sign of it by then, a worker works all the same: pg-boss's heartbeat is still there. */
const APPEAR_WITHIN_MS = 2_000;
const TICK_MS = 250;
/** A clock that did not tick for this long belongs to a process that stood still. */
const STOOD_STILL_MS = 1_500;

/**
 * Stands by for the other workers of a region: what a dead one holds is given back to the queue at once
 * and taken, long before pg-boss would miss its heartbeat. And the other way round: a worker that stood
 * still, or finds another's name on a job, lets go of what it holds.
 */
export async function startStandby(options: StandbyOptions): Promise<Pick<Claims, "stop">> {
  const { boss, queue, log } = options;
  const seenOnce = Promise.withResolvers<void>();
  let claims: Claims | null = null;
  const takingOver = new Set<string>();

  async function takeOver(jobs: readonly JobAttempt[]): Promise<void> {
    const fresh = jobs.filter(({ id }) => !takingOver.has(id));
    if (fresh.length === 0) return;
    for (const { id } of fresh) takingOver.add(id);
    try {
      // only the attempt that was seen: of several who stand by, one gives it back
      for (const { id, retryCount } of fresh) await boss.fail(queue, { id, retryCount });
      log.warn("takes over from a worker that is gone", { queue, jobs: fresh.length });
      await claims?.take(fresh.length);
    } finally {
      for (const { id } of fresh) takingOver.delete(id);
    }
  }

  function lookAt({ workers, claims: seen }: Surroundings): void {
    options.onWorkers(workers);
    seenOnce.resolve();
    if (claims === null) return;
    const held = new Set(claims.held());
    claims.letGo(
      seen
        .filter((claim) => held.has(claim.jobId) && claim.workerId !== options.workerId)
        .map(({ jobId }) => jobId),
    );
    const left = seen.filter((claim) => claim.abandoned && !held.has(claim.jobId));
    takeOver(left.map(({ jobId, attempt }) => ({ id: jobId, retryCount: attempt }))).catch((error: unknown) =>
      log.warn("taking over failed", { queue, error }),
    );
  }

  let last = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    const still = now - last - TICK_MS;
    last = now;
    if (still < STOOD_STILL_MS) return;
    // somebody else has most likely taken over, and what is remembered here is old
    log.warn("this process stood still and lets go of its slots", { ms: Math.round(still) });
    claims?.letGo(claims.held());
  }, TICK_MS);

  const presence = keepPresence({ ...options, onSurroundings: lookAt });
  await Promise.race([seenOnce.promise, sleep(APPEAR_WITHIN_MS, undefined, { ref: false })]);
  const started = options.start();
  claims = started;
  return {
    stop: async (graceMs) => {
      await started.stop(graceMs);
      clearInterval(ticking);
      await presence.stop();
    },
  };
}
