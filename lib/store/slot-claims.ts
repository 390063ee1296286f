import { HOUR } from "#lib/base/clock.ts";

import type { Database } from "./client.ts";

/** One attempt at a job of the queue. */
export interface JobAttempt {
  readonly id: string;
  readonly retryCount: number;
}

/** Notes which worker holds these jobs, so that others can tell what a dead one has left behind. */
export async function recordClaims(
  db: Database,
  queue: string,
  workerId: string,
  jobs: readonly JobAttempt[],
): Promise<void> {
  const ids = jobs.map((job) => job.id);
  const attempts = jobs.map((job) => job.retryCount);
  // an older attempt's note that comes late says nothing any more
  await db.$executeRaw`
    INSERT INTO slot_claims AS c (job_id, attempt, queue, worker_id, claimed_at)
    SELECT g.id, g.attempt, ${queue}, ${workerId}::uuid, now()
    FROM unnest(${ids}::uuid[], ${attempts}::int[]) AS g(id, attempt)
    ON CONFLICT (job_id) DO UPDATE
      SET attempt = excluded.attempt, worker_id = excluded.worker_id, claimed_at = excluded.claimed_at
      WHERE excluded.attempt >= c.attempt`;
}

/** Takes the note of a job back that is done or given back. */
export async function removeClaim(db: Database, job: JobAttempt): Promise<void> {
  await db.$executeRaw`DELETE FROM slot_claims WHERE job_id = ${job.id}::uuid AND attempt = ${job.retryCount}`;
}

/** Drops notes that nobody has taken back; a slot is long over by then. */
export async function dropOldClaims(db: Database, now: Date): Promise<void> {
  await db.slotClaim.deleteMany({ where: { claimedAt: { lt: new Date(now.getTime() - HOUR) } } });
}
