import { setTimeout as sleep } from "node:timers/promises";

import { SECOND } from "#lib/base/clock.ts";
import type { Database } from "#lib/store/client.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";
import { aimSample, pauseSample, sampleIsSet } from "#lib/store/sample.ts";

import { startSampleServers } from "./servers.ts";

export interface RunningSample {
  readonly address: string;
  /** Resolves when the sample was removed: there is nothing left to serve. */
  readonly removed: Promise<void>;
  stop(): Promise<void>;
}

const LOOK_EVERY = 2 * SECOND;

/** Runs the sample's servers, tells its checks where they listen, and watches whether it is still there. */
export async function runSample(db: Database): Promise<RunningSample> {
  const servers = await startSampleServers();
  const stopping = new AbortController();
  try {
    await db.$transaction(async (tx) => {
      await aimSample(tx, servers.address);
      await bumpPublicVersion(tx);
    });
  } catch (error) {
    await servers.close();
    throw error;
  }
  return {
    address: servers.address,
    removed: untilRemoved(db, stopping.signal),
    stop: async () => {
      stopping.abort();
      // first no more checks, then no more servers: an ordinary stop is no outage
      await pauseSample(db).catch(() => {});
      await servers.close();
    },
  };
}

/** Never resolves once it is told to stop. */
async function untilRemoved(db: Database, signal: AbortSignal): Promise<void> {
  // a database that does not answer right now says nothing about the sample
  while (await sampleIsSet(db).catch(() => true)) {
    if (signal.aborted) return new Promise(() => {});
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => {});
  }
}
