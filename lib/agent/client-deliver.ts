import { setTimeout as sleep } from "node:timers/promises";

import { isGatewatchError } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import type { ServerLink } from "./client-link.ts";
import type { Spool } from "./client-spool.ts";
import { MAX_RECORDS, RESULTS_PATH, resultsAnswerSchema, type AgentRecord } from "./wire.ts";

export interface DeliveryOptions {
  readonly spool: Spool;
  readonly link: ServerLink;
  readonly log: Log;
  /** Told what the server has, or was given up. */
  readonly onDelivered: (records: readonly AgentRecord[]) => void;
}

export interface Delivery {
  /** Tries to hand in the rest; gives up after `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;

/**
 * Hands records in, oldest first, for as long as there are any; waits longer each time the server
 * cannot take them. Records that the server refuses are halved until the one that it does not take
 * stands alone, and that one is given up.
 */
export function startDelivery({ spool, link, log, onDelivered }: DeliveryOptions): Delivery {
  const stopping = new AbortController();
  let limit = MAX_RECORDS;
  let failures = 0;

  /** @returns how long to wait before the next, milliseconds */
  async function deliver(): Promise<number> {
    const records = await spool.oldest(limit);
    if (records.length === 0) return LOOK_EVERY_MS;
    try {
      const { ignored } = await link.post(RESULTS_PATH, { records }, resultsAnswerSchema);
      if (ignored > 0) log.info("the server left out some results", { ignored, of: records.length });
      if (failures > 0) log.info("handing in results works again");
      failures = 0;
      limit = Math.min(MAX_RECORDS, limit * 2);
      await settle(records);
      return records.length < limit ? LOOK_EVERY_MS : 0;
    } catch (error) {
      if (isGatewatchError(error, "INPUT_INVALID")) return giveWay(records, error);
      if (failures === 0) log.warn("results wait on disk: the server does not take them", { error });
      failures += 1;
      return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 5));
    }
  }

  async function giveWay(records: readonly AgentRecord[], error: unknown): Promise<number> {
    limit = Math.max(1, Math.floor(records.length / 2));
    if (records.length === 1) {
      log.error("the server refuses a result; it is given up", { error });
      await settle(records);
    }
    return 0;
  }

  async function settle(records: readonly AgentRecord[]): Promise<void> {
    await spool.delivered(records.length);
    onDelivered(records);
  }

  const running = (async () => {
    while (!stopping.signal.aborted) {
      const wait = await deliver().catch((error: unknown) => {
        log.error("results could not be read from disk", { error });
        return LAST_RETRY_MS;
      });
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();

  return {
    stop: async (withinMs) => {
      stopping.abort();
      const until = performance.now() + withinMs;
      await Promise.race([running, sleep(withinMs, undefined, { ref: false })]);
      while (!spool.isEmpty() && failures === 0 && performance.now() < until) await deliver();
    },
  };
}
