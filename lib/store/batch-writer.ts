import { setTimeout as sleep } from "node:timers/promises";

import { GatewatchError } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { isRefused } from "./refused.ts";

export interface BatchWriterOptions<Item> {
  /** What is written, for the log: "results". */
  readonly name: string;
  readonly write: (items: readonly Item[]) => Promise<unknown>;
  /** How long to gather under load, milliseconds; half of it while there is little to write. */
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
  readonly add: (item: Item) => Promise<void>;
  readonly pending: () => number;
  /** Writes what waits without gathering, gives up on what is left after `withinMs`, and takes no more. */
  readonly drain: (withinMs: number) => Promise<void>;
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
  const hurry = new AbortController();
  let inHand = 0;
  let running: Promise<void> | null = null;
  let ended = false;
  let limit = maxBatch;
  let lastSize = 0;
  let failures = 0;

  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: hurry.signal }).catch(() => {});
  const tooLate = (): GatewatchError =>
    new GatewatchError("UNAVAILABLE", `The process ended before ${name} could be written`);

  async function run(): Promise<void> {
    while (queue.length > 0) {
      if (queue.length < maxBatch) await pause(lastSize > LITTLE ? gatherMs : gatherMs / 2);
      const batch = queue.splice(0, limit);
      inHand = batch.length;
      const left = await writeBatch(batch);
      inHand = 0;
      if (ended) for (const waiting of left) waiting.reject(tooLate());
      else queue.unshift(...left);
    }
    running = null;
  }

  /** @returns what is still to be written */
  async function writeBatch(batch: readonly Waiting<Item>[]): Promise<readonly Waiting<Item>[]> {
    try {
      await write(batch.map((waiting) => waiting.item));
    } catch (error) {
      if (isRefused(error)) return narrow(batch, error);
      await waitForDatabase(error);
      return batch;
    }
    for (const waiting of batch) waiting.resolve();
    if (failures > 0) log.info(`writing ${name} works again`, { after: failures, pending: queue.length });
    failures = 0;
    limit = maxBatch;
    lastSize = batch.length;
    return [];
  }

  /** Closes in on the item that the database does not take, and turns that one away. */
  function narrow(batch: readonly Waiting<Item>[], error: unknown): readonly Waiting<Item>[] {
    limit = Math.max(1, Math.floor(batch.length / 2));
    const [only, ...others] = batch;
    if (only === undefined || others.length > 0) return batch;
    limit = maxBatch;
    log.error(`the database refused one of the ${name}`, { error });
    only.reject(error);
    return [];
  }

  async function waitForDatabase(error: unknown): Promise<void> {
    failures += 1;
    if (failures === 1) log.warn(`writing ${name} failed, trying again`, { error, pending: queue.length });
    await sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 5)));
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(tooLate());
        if (queue.length + inHand >= maxPending) {
          return reject(new GatewatchError("UNAVAILABLE", `Too many ${name} wait for the database`));
        }
        queue.push({ item, resolve, reject });
        running ??= run();
      }),
    pending: () => queue.length + inHand,
    drain: async (withinMs) => {
      hurry.abort();
      const written = new AbortController();
      const late = sleep(withinMs, undefined, { signal: written.signal }).catch(() => {});
      await Promise.race([running, late]);
      written.abort();
      ended = true;
      for (const waiting of queue.splice(0)) waiting.reject(tooLate());
    },
  };
}
