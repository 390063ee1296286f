import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import type { PgBoss } from "pg-boss";

import { HOUR, SECOND, systemClock, type Clock } from "#lib/base/clock.ts";
import { uuidv7 } from "#lib/base/id.ts";
import type { Log } from "#lib/base/log.ts";
import { applyTransitions, findSilentChecks } from "#lib/store/check-states.ts";
import { readWatchedChecks } from "#lib/store/checks.ts";
import type { Database } from "#lib/store/client.ts";
import { dropExpiredPartitions, ensurePartitionsAhead, packEndedPartitions } from "#lib/store/partitions.ts";
import { ensureRegion, type RegionRow } from "#lib/store/regions.ts";
import { dropOldClaims, recordClaims, removeClaim } from "#lib/store/slot-claims.ts";
import { forgetLostWorkers, recordSighting, removeSighting, type Sighting } from "#lib/store/workers.ts";

import { startBoss } from "./boss.ts";
import { startChores, type Chore } from "./chores.ts";
import { startClaims, type Claims } from "./claims.ts";
import type { Pipeline } from "./pipeline.ts";
import { runSlot, type SlotContext } from "./run-slot.ts";
import type { Slot } from "./slot.ts";
import { createSlotQueue, offerSlots, SHARDS, slotQueue } from "./slots.ts";
import { startStandby } from "./standby.ts";
import { createSteadySpecs } from "./steady.ts";
import { shareReads } from "./watched.ts";

export interface WorkerOptions {
  readonly database: Database;
  /** Of the same database: pg-boss keeps connections of its own. */
  readonly connectionString: string;
  /** Name of the region that this worker looks from; made when it is new. */
  readonly region: string;
  /** Days that raw results are kept. */
  readonly retentionDays: number;
  /** Version of the program, for the list of workers. */
  readonly version: string;
  /** What happens to a look: `openPipeline` of lib/pipeline.ts. */
  readonly openPipeline: (region: RegionRow) => Pipeline;
  /** Chores beside the worker's own. */
  readonly chores?: readonly Chore[];
  readonly log: Log;
  readonly clock?: Clock;
}

export interface RunningWorker {
  /**
   * Ends what runs or gives it to other workers, and stores what was seen.
   * @param withinMs how long that may take; 8 s when not given
   */
  stop(withinMs?: number): Promise<void>;
}

const SIGHTING_EVERY_MS = 10 * SECOND;
const OFFER_EVERY_MS = 1 * SECOND;
const STOP_WITHIN_MS = 8 * SECOND;

/**
 * Starts a worker: it offers the region's slots, takes some of them, looks at the checks in them
 * and does chores, until it is stopped. Any number of workers run beside each other on one
 * database; none of them leads.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { database: db, log, clock = systemClock } = options;
  const region = await ensureRegion(db, options.region);
  await ensurePartitionsAhead(db, clock.now());
  const pipeline = options.openPipeline(region);
  const boss = await startBoss(options.connectionString, log);
  const workerId = uuidv7();
  const signsOfLife = await startSightings(options, { region, workerId }, clock);
  const slots = await startSlots(
    boss,
    options,
    { region, workerId },
    {
      readWatched: shareReads(() => readWatchedChecks(db, region)),
      pipeline,
      steady: createSteadySpecs(),
      clock,
      log,
    },
  );
  const chores = await startChores(
    boss,
    [...ownChores(options, clock), ...(options.chores ?? [])],
    clock,
    log,
  );
  log.info("the worker looks", { region: region.name });
  let stopped: Promise<void> | undefined;

  return {
    stop: (withinMs = STOP_WITHIN_MS) =>
      (stopped ??= (async () => {
        // a share each for probes that still run, for results that still wait, and for giving back the rest
        const share = withinMs / 4;
        const leaving = Promise.all([slots.stop(share), chores.stop(share)]);
        // a look is done when it is written: with the database away that takes the drain to end it
        await Promise.race([leaving, sleep(share * 1.5, undefined, { ref: false })]);
        await pipeline.drain(share);
        await Promise.race([leaving, sleep(share, undefined, { ref: false })]);
        await signsOfLife.stop();
        await boss
          .stop({ graceful: false })
          .catch((error: unknown) => log.warn("the queue did not stop", { error }));
        log.info("the worker has stopped", { region: region.name });
      })()),
  };
}

/** Who works where. */
interface Place {
  readonly region: RegionRow;
  /** Of this process, new at every start. */
  readonly workerId: string;
}

/** Offers the region's slots, takes a fair share of those that come due, and stands by for the others. */
async function startSlots(
  boss: PgBoss,
  { database: db, connectionString }: WorkerOptions,
  { region, workerId }: Place,
  context: SlotContext,
): Promise<Pick<Claims, "stop">> {
  const { log } = context;
  const queue = slotQueue(region.name);
  const offering = await startOffering(boss, region, context);
  // until it is known how many there are, as if there were many
  let workers = SHARDS;
  const taking = await startStandby({
    connectionString,
    regionId: region.id,
    workerId,
    boss,
    queue,
    onWorkers: (seen) => (workers = seen),
    start: () =>
      startClaims<Slot>({
        boss,
        queue,
        log,
        pollMs: 500,
        // all of them ask equally often, so none gets more than its share while the others are there
        batchSize: () => Math.ceil(SHARDS / Math.max(1, workers)),
        onTaken: (jobs) => recordClaims(db, queue, workerId, jobs),
        onSettled: (job) => removeClaim(db, job),
        handle: (slot, leave) => runSlot(slot, leave, context),
      }),
    log,
  });
  return {
    stop: async (graceMs) => {
      offering.stop();
      await taking.stop(graceMs);
    },
  };
}

async function startOffering(
  boss: PgBoss,
  region: RegionRow,
  { clock, log }: SlotContext,
): Promise<{ stop(): void }> {
  await createSlotQueue(boss, region.name);
  let offered = 0;
  let reported = false;
  const offer = async (): Promise<void> => {
    try {
      offered = await offerSlots(boss, region.name, SHARDS, clock.now(), offered);
      reported = false;
    } catch (error) {
      if (!reported) log.warn("offering slots failed", { error });
      reported = true;
    }
  };
  await offer();
  const timer = setInterval(() => void offer(), OFFER_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

async function startSightings(
  { database: db, version, log }: WorkerOptions,
  { region, workerId }: Place,
  clock: Clock,
): Promise<{ stop(): Promise<void> }> {
  const sighting: Sighting = {
    id: workerId,
    regionId: region.id,
    hostname: hostname(),
    pid: process.pid,
    version,
    startedAt: new Date(clock.now()),
  };
  const record = (): Promise<void> =>
    recordSighting(db, sighting, new Date(clock.now())).catch((error: unknown) =>
      log.debug("a sign of life was not stored", { error }),
    );
  await record();
  const timer = setInterval(() => void record(), SIGHTING_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await removeSighting(db, sighting.id).catch(() => {});
    },
  };
}

/** What every worker's house needs done, whoever does it. */
function ownChores({ database: db, retentionDays, log }: WorkerOptions, clock: Clock): Chore[] {
  return [
    {
      name: "keep-partitions",
      everySeconds: HOUR / SECOND,
      run: async () => {
        await ensurePartitionsAhead(db, clock.now());
        const dropped = await dropExpiredPartitions(db, clock.now(), retentionDays);
        if (dropped.length > 0) log.info("dropped raw results past their retention", { partitions: dropped });
        await packEndedPartitions(db, clock.now());
        await forgetLostWorkers(db, new Date(clock.now()));
        await dropOldClaims(db, new Date(clock.now()));
      },
    },
    {
      name: "notice-silence",
      everySeconds: 10,
      run: async () => {
        const silent = await findSilentChecks(db, clock.now());
        await applyTransitions(db, silent, { onlyIfSilent: true });
      },
    },
  ];
}
