import type { Log } from "#lib/base/log.ts";
import type { Standings } from "#lib/detect/standings.ts";
import type { Transition } from "#lib/model/belief.ts";
import { markBlind, markSeeing, readBlindSince } from "#lib/store/blindness.ts";
import type { Database } from "#lib/store/client.ts";
import type { RegionRow } from "#lib/store/regions.ts";

import { openSight, type OpenSight } from "./open-sight.ts";
import { openOutside } from "./outside.ts";

export interface WorkerSightOptions {
  readonly database: Database;
  readonly region: RegionRow;
  readonly standings: Standings;
  readonly write: (transition: Transition) => Promise<void>;
  readonly log: Log;
}

/** The sight of a worker that has the database: it asks it, and notes there what it finds. */
export function openWorkerSight({ database, region, standings, write, log }: WorkerSightOptions): OpenSight {
  const sight = openSight({
    region: region.name,
    outside: openOutside(database, region, log),
    standings,
    write: (checkNumber, change) => write({ checkNumber, regionId: region.id, ...change }),
    note: (blind) =>
      blind === null
        ? markSeeing(database, region.id)
        : markBlind(database, region.id, new Date(blind.since), blind.reason),
    log,
    now: Date.now,
  });
  // noted by a process that is gone: somebody has to find out whether it is still so
  readBlindSince(database, region.id).then(
    (since) => since && sight.resume(since.getTime()),
    (error: unknown) => log.debug("it is not known whether the region is blind", { error }),
  );
  return sight;
}
