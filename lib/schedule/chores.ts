import type { PgBoss } from "pg-boss";
import { v5 as uuidv5 } from "uuid";

import { SECOND, type Clock } from "#lib/base/clock.ts";
import type { Log } from "#lib/base/log.ts";

import { startClaims, type Claims } from "./claims.ts";

/** Something to be done again and again by one of the workers, whichever is there. */
export interface Chore {
  /** Lower-case, for the log and the queue: `drop-expired-results`. */
  readonly name: string;
  /** Once in each of these periods, counted from 1970. */
  readonly everySeconds: number;
  /** Throwing is logged; the next period tries again. `signal`: the worker is stopping. */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
}

const QUEUE = "chores";
const NAMESPACE = "0d7c0f0e-3c52-4a0b-8b53-6a8b8f1f4d6e";

interface ChoreJob {
  readonly name: string;
}

/** Offers each chore once a period to all workers and does those that this one gets. */
export async function startChores(
  boss: PgBoss,
  chores: readonly Chore[],
  clock: Clock,
  log: Log,
): Promise<Pick<Claims, "stop">> {
  // one job a chore, queued or at work: a slow one is not overtaken by its own successor
  await boss.createQueue(QUEUE, {
    policy: "exclusive",
    heartbeatSeconds: 10,
    expireInSeconds: 600,
    retentionSeconds: 600,
    deleteAfterSeconds: 60,
    retryLimit: 1,
  });
  const byName = new Map(chores.map((chore) => [chore.name, chore]));
  const offered = new Map<string, number>();

  async function offer(): Promise<void> {
    const due = chores.flatMap((chore) => {
      const period = Math.floor(clock.now() / (chore.everySeconds * SECOND));
      return offered.get(chore.name) === period ? [] : [{ chore, period }];
    });
    if (due.length === 0) return;
    // an id made from what it is: of all workers that offer it, one makes the job
    const jobs = due.map(({ chore: { name }, period }) => ({
      id: uuidv5(`${name}/${period}`, NAMESPACE),
      singletonKey: name,
      data: { name } satisfies ChoreJob,
    }));
    await boss.insert(QUEUE, jobs);
    for (const { chore, period } of due) offered.set(chore.name, period);
  }

  let reported = false;
  const timer = setInterval(() => {
    offer().then(
      () => (reported = false),
      (error: unknown) => {
        if (!reported) log.warn("offering chores failed", { error });
        reported = true;
      },
    );
  }, SECOND);
  await offer();

  const claims = startClaims<ChoreJob>({
    boss,
    queue: QUEUE,
    log,
    pollMs: SECOND,
    batchSize: 10,
    handle: async ({ name }, leave) => {
      // a chore of another version's worker: it offered it and will do it
      await byName.get(name)?.run(leave.winding);
    },
  });

  return {
    stop: async (graceMs) => {
      clearInterval(timer);
      await claims.stop(graceMs);
    },
  };
}
