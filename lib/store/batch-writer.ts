import { setTimeout as sleep } from "node:timers/promises";

import { GatewatchError } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { isRefused } from "./refused.ts";

export interface BatchWriterOptions<Item> {
  /** What is written, for the log: "results". */
  readonly name: string;
  readonly write: (items: readonly Item[]) => Promise<unknown>;
  /** How long to gather under load, milliseconds; a quarter of it while there is little to write. */
  readonly gatherMs: number;
  readonly maxBatch: number;
  /** Items kept while the database is away; more are turned away. */
  readonly maxPending: number;
  readonly log: Log;
}

export interface BatchWriter<Item> {
  /**
   * Resolves when the item is committed.
   * @throws GatewatchError UNAVAILABLE when too many wait or the process ends first
   * @throws what the database said when it refuses this very item
   */
  add(item: Item): Promise<void>;
  pending(): number;
  /** Writes what waits without gathering; gives up on what is left after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 2_000;
/** Up to this many items a batch costs less than the delay that a bigger one would bring. */
const LITTLE = 50;

/**
 * Gathers items and writes them in order, one batch at a time. While the database is away it
 * keeps them and tries again; a batch that the database refuses is halved until the item that it
 * does not take stands alone, so that one bad item never holds up the others.
 */
export function createBatchWriter<Item>(options: BatchWriterOptions<Item>): BatchWriter<Item> {
  const { name, write, gatherMs, maxBatch, maxPending, log } = options;
  const queue: Waiting<Item>[] = [];
  let running: Promise<void> | null = null;
  let hurry = new AbortController();
  let limit = maxBatch;
  let lastSize = 0;
  let failures = 0;

  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: hurry.signal }).catch(() => {});

  async function writeBatch(): Promise<void> {
    const batch = queue.slice(0, limit);
    try {
      await write(batch.map((waiting) => waiting.item));
      queue.splice(0, batch.length);
      for (const waiting of batch) waiting.resolve();
      if (failures > 0) log.info(`writing ${name} works again`, { after: failures, pending: queue.length });
      failures = 0;
      limit = maxBatch;
      lastSize = batch.length;
    } catch (error) {
      if (isRefused(error)) refuse(batch, error);
      else await waitForDatabase(error);
    }
  }

  function refuse(batch: readonly Waiting<Item>[], error: unknown): void {
    limit = Math.max(1, Math.floor(batch.length / 2));
    const [only] = batch;
    if (batch.length > 1 || only === undefined) return;
    queue.shift();
    limit = maxBatch;
    log.error(`the database refused one of the ${name}`, { error });
    only.reject(error);
  }

  async function waitForDatabase(error: unknown): Promise<void> {
    failures += 1;
    if (failures === 1) log.warn(`writing ${name} failed, trying again`, { error, pending: queue.length });
    await sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 5)));
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      if (queue.length < maxBatch) await pause(lastSize > LITTLE ? gatherMs : gatherMs / 4);
      await writeBatch();
    }
    running = null;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (queue.length >= maxPending) {
          reject(new GatewatchError("UNAVAILABLE", `Too many ${name} wait for the database`));
          return;
        }
        queue.push({ item, resolve, reject });
        running ??= run();
      }),
    pending: () => queue.length,
    drain: async (withinMs) => {
      hurry.abort();
      const gaveUp = new AbortController();
      await Promise.race([running, sleep(withinMs, undefined, { signal: gaveUp.signal }).catch(() => {})]);
      gaveUp.abort();
      hurry = new AbortController();
      for (const waiting of queue.splice(0)) {
        waiting.reject(
          new GatewatchError("UNAVAILABLE", `The process ended before ${name} could be written`),
        );
      }
    },
  };
}
