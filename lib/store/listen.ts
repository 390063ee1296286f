import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { PUBLIC_CHANNEL } from "./public-version.ts";

export interface Listener {
  /** Resolves once the first connection listens. */
  readonly listening: Promise<void>;
  stop(): Promise<void>;
}

export interface ListenOptions {
  readonly connectionString: string;
  /** Called with the version that the database stands at, each time it differs from the last. */
  readonly onVersion: (version: bigint) => void;
  readonly log: Log;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
// a connection that a router dropped silently looks alive until something is sent through it
const HEARTBEAT = 15_000;

/**
 * Follows the public version over a connection of its own: as PostgreSQL notifies, and, after the
 * connection was lost, by reading it once it listens again, so that no change is missed.
 */
export function listenForPublicChanges(options: ListenOptions): Listener {
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  let last: bigint | undefined;

  const report = (version: bigint): void => {
    if (last === version) return;
    last = version;
    options.onVersion(version);
  };

  const followed = (async () => {
    let pause = FIRST_PAUSE;
    while (!stopping.signal.aborted) {
      try {
        await followOnce(options.connectionString, report, stopping.signal, () => {
          pause = FIRST_PAUSE;
          first.resolve();
        });
      } catch (error) {
        if (stopping.signal.aborted) break;
        options.log.warn("lost the connection that hears of changes", {
          reason: messageOf(error),
          againInMs: pause,
        });
      }
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  })();

  return {
    listening: first.promise,
    stop: async () => {
      stopping.abort();
      await followed;
    },
  };
}

/** Listens until the connection breaks (throws) or `signal` aborts (returns). */
async function followOnce(
  connectionString: string,
  report: (version: bigint) => void,
  signal: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: "gatewatch-changes",
    keepAlive: true,
    query_timeout: 10_000,
  });
  const broken = new Promise<never>((_, reject) => {
    client.once("error", reject);
    client.once("end", () => reject(new Error("the connection was closed")));
  });
  // awaited only once it listens
  broken.catch(() => {});
  try {
    await client.connect();
    client.on("notification", ({ channel, payload }) => {
      if (channel === PUBLIC_CHANNEL && payload !== undefined && /^\d+$/.test(payload))
        report(BigInt(payload));
    });
    await client.query(`LISTEN ${PUBLIC_CHANNEL}`);
    // after LISTEN, not before: a change in between is seen by one of the two
    report(await readVersion(client));
    onListening();
    while (!signal.aborted) {
      await Promise.race([broken, sleep(HEARTBEAT, undefined, { signal }).catch(() => {})]);
      if (!signal.aborted) report(await readVersion(client));
    }
  } finally {
    // a connection that hangs never says goodbye
    await Promise.race([client.end().catch(() => {}), sleep(1_000)]);
  }
}

async function readVersion(client: Client): Promise<bigint> {
  const { rows } = await client.query<{ version: string }>(
    "SELECT version::text FROM public_state WHERE id = 1",
  );
  return BigInt(rows[0]?.version ?? 0);
}
