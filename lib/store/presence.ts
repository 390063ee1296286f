import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

/** A job that some worker has noted as its own. */
export interface SeenClaim {
  readonly jobId: string;
  readonly attempt: number;
  readonly workerId: string;
  /** True when that worker is not there any more. */
  readonly abandoned: boolean;
}

/** What one look around showed. */
export interface Surroundings {
  /** Workers of the region that are there, this one included. */
  readonly workers: number;
  /** The jobs of the queue that are held. */
  readonly claims: readonly SeenClaim[];
}

export interface PresenceOptions {
  readonly connectionString: string;
  readonly regionId: number;
  readonly workerId: string;
  /** The queue whose claims are watched. */
  readonly queue: string;
  readonly onSurroundings: (seen: Surroundings) => void;
  readonly log: Log;
}

export interface Presence {
  stop(): Promise<void>;
}

const BEAT_MS = 400;
/** A worker whose connection says nothing for this long stands still; the others end the connection. */
const SILENT_AFTER_MS = 2_000;
/** After the server has started, every worker gets this long to come back before it counts as gone. */
const COMEBACK_MS = 3_000;

/**
 * Shows that a worker is there, by a connection of its own that is open and never silent for long,
 * and looks around for those who are not. The server closes the connection of a process that dies
 * in the same moment; `pg_stat_activity` has who is connected and since when they said nothing, by
 * the server's own clock and without a write. One that stands still (a stopped process, a machine
 * that sleeps, a network that is gone) is silent, and its connection is ended by the first who sees
 * it, so that there is one truth about who is there.
 */
export function keepPresence(options: PresenceOptions): Presence {
  const stopping = new AbortController();
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});

  async function beOnce(): Promise<void> {
    const client = new Client({
      connectionString: options.connectionString,
      connectionTimeoutMillis: 5_000,
      application_name: nameOf(options),
      keepAlive: true,
      query_timeout: 5_000,
    });
    // what broke it is what the next query fails with
    client.on("error", () => {});
    try {
      await client.connect();
      while (!stopping.signal.aborted) {
        const ended = await lookAround(client, options);
        // those who were ended are gone in a moment, and what they held is free then
        await pause(ended > 0 ? BEAT_MS / 8 : BEAT_MS);
      }
    } finally {
      // a connection that hangs never says goodbye
      await Promise.race([client.end().catch(() => {}), sleep(1_000, undefined, { ref: false })]);
    }
  }

  const being = (async () => {
    let reported = false;
    while (!stopping.signal.aborted) {
      try {
        await beOnce();
        reported = false;
      } catch (error) {
        if (!reported)
          options.log.warn("lost the connection that shows this worker", { reason: messageOf(error) });
        reported = true;
        await pause(BEAT_MS / 2);
      }
    }
  })();

  return {
    stop: async () => {
      stopping.abort();
      await being;
    },
  };
}

const PREFIX = "gatewatch-worker";

// PostgreSQL keeps 63 bytes of a name
function nameOf({ regionId, workerId }: PresenceOptions): string {
  return `${PREFIX}/${regionId}/${workerId}`;
}

/** @returns how many connections of silent workers were ended */
async function lookAround(client: Client, options: PresenceOptions): Promise<number> {
  const { rows } = await client.query<{ workers: number; ended: number; claims: SeenClaim[] }>({
    name: "look-around",
    text: `
      WITH workers AS MATERIALIZED (
        SELECT pid, split_part(application_name, '/', 3) AS id,
               coalesce(state = 'idle' AND clock_timestamp() - state_change > $2 * interval '1 millisecond', false) AS silent
        FROM pg_stat_activity
        WHERE datname = current_database() AND starts_with(application_name, $1)
      )
      SELECT (SELECT count(*)::int FROM workers WHERE NOT silent) AS workers,
             (SELECT count(pg_terminate_backend(pid))::int FROM workers WHERE silent) AS ended,
             coalesce((
               SELECT json_agg(json_build_object(
                 'jobId', c.job_id, 'attempt', c.attempt, 'workerId', c.worker_id,
                 'abandoned', clock_timestamp() - pg_postmaster_start_time() > $3 * interval '1 millisecond'
                   AND NOT EXISTS (SELECT FROM workers w WHERE w.id = c.worker_id::text)))
               FROM slot_claims c WHERE c.queue = $4
             ), '[]') AS claims`,
    values: [`${PREFIX}/${options.regionId}/`, SILENT_AFTER_MS, COMEBACK_MS, options.queue],
  });
  const [seen] = rows;
  if (seen === undefined) return 0;
  options.onSurroundings({ workers: seen.workers, claims: seen.claims });
  return seen.ended;
}
