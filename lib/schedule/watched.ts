import { setTimeout as sleep } from "node:timers/promises";

import type { WatchedCheck } from "#lib/model/belief.ts";

/** With something to go on with, the database gets this long. */
const PATIENCE_MS = 1_500;

/**
 * Reads the checks once for all slots that ask at the same time. While the database is away, what was
 * read last serves on, as the very same array: a slot that is held already does not have to wait.
 * @throws what reading fails with as long as nothing has been read
 */
export function shareReads(
  read: () => Promise<readonly WatchedCheck[]>,
): () => Promise<readonly WatchedCheck[]> {
  let reading: Promise<readonly WatchedCheck[]> | null = null;
  let last: readonly WatchedCheck[] | null = null;

  async function readOnce(): Promise<readonly WatchedCheck[]> {
    try {
      last = await read();
      return last;
    } finally {
      reading = null;
    }
  }

  return async () => {
    const fresh = (reading ??= readOnce());
    if (last === null) return fresh;
    const known = last;
    return Promise.race([fresh.catch(() => known), sleep(PATIENCE_MS, known, { ref: false })]);
  };
}
