import { DAY } from "#lib/base/clock.ts";

import type { Database } from "./client.ts";

export interface Sighting {
  /** Of the process, new at every start. */
  readonly id: string;
  readonly regionId: number;
  readonly hostname: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: Date;
}

/** Notes a sign of life of a worker. */
export async function recordSighting(db: Database, sighting: Sighting, at: Date): Promise<void> {
  const { id, ...rest } = sighting;
  await db.workerSighting.upsert({
    where: { id },
    create: { ...sighting, lastSeenAt: at },
    update: { ...rest, lastSeenAt: at },
  });
}

/** Takes a worker off the list: it has stopped on purpose. */
export async function removeSighting(db: Database, id: string): Promise<void> {
  await db.workerSighting.deleteMany({ where: { id } });
}

/** Forgets workers that have been silent for a day. */
export async function forgetLostWorkers(db: Database, now: Date): Promise<number> {
  const { count } = await db.workerSighting.deleteMany({
    where: { lastSeenAt: { lt: new Date(now.getTime() - DAY) } },
  });
  return count;
}

export interface WorkerHealth {
  /** Due time of the newest look of any check; null: none yet. */
  readonly lastResultAt: Date | null;
  /** The newest sign of life of any worker; null: none is known. */
  readonly lastSeenAt: Date | null;
  readonly workers: readonly {
    readonly region: string;
    readonly hostname: string;
    readonly lastSeenAt: Date;
  }[];
}

/** Whether somebody is looking: the last result and the workers' signs of life. */
export async function readWorkerHealth(db: Database): Promise<WorkerHealth> {
  const states = await db.checkState.aggregate({ _max: { lastSlotAt: true } });
  const sightings = await db.workerSighting.findMany({
    select: { hostname: true, lastSeenAt: true, region: { select: { name: true } } },
    orderBy: { lastSeenAt: "desc" },
  });
  return {
    lastResultAt: states._max.lastSlotAt,
    lastSeenAt: sightings[0]?.lastSeenAt ?? null,
    workers: sightings.map(({ region, hostname, lastSeenAt }) => ({
      region: region.name,
      hostname,
      lastSeenAt,
    })),
  };
}
