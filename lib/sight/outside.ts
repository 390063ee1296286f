import { MINUTE, SECOND } from "#lib/base/clock.ts";
import type { Log } from "#lib/base/log.ts";
import { judgeOthers, type Outside } from "#lib/detect/blindness.ts";
import { parseCanary, type Canary } from "#lib/model/canary.ts";
import { hasNetwork } from "#lib/probe/canary.ts";
import { readCanaries, readOthersLooks } from "#lib/store/blindness.ts";
import type { Database } from "#lib/store/client.ts";
import type { RegionRow } from "#lib/store/regions.ts";

import { askCanaries, type OutsideWorld } from "./canaries.ts";

const DATABASE_WITHIN_MS = 2_000;
const REMEMBERED_MS = 10 * SECOND;

/**
 * What a worker in doubt asks: the canaries when there are any. Otherwise this machine's interfaces,
 * the database, and what the other regions have seen of the same checks since. A region that is
 * alone has nobody to ask then, and believes what it sees.
 */
export function openOutside(db: Database, region: RegionRow, log: Log): OutsideWorld {
  /** Null until they were read once. */
  let canaries: readonly Canary[] | null = null;
  let readAt = -Infinity;
  // a machine that never had a network has not lost it, and looks at itself
  let hadNetwork = hasNetwork();

  async function refresh(): Promise<void> {
    if (canaries !== null && performance.now() - readAt < REMEMBERED_MS) return;
    // with the database away those of before are as good
    const texts = await within(DATABASE_WITHIN_MS, readCanaries(db)).catch(() => null);
    if (texts === null) return;
    canaries = texts.flatMap((text) => parseCanary(text) ?? []);
    readAt = performance.now();
  }

  async function askOthers(failing: readonly number[], since: number): Promise<Outside> {
    const has = hasNetwork();
    if (hadNetwork && !has) return "silent";
    hadNetwork ||= has;
    try {
      const alive = new Date(Date.now() - MINUTE);
      const asked = readOthersLooks(db, region.id, failing, new Date(since), alive);
      const { looks, present } = await within(DATABASE_WITHIN_MS, asked);
      return judgeOthers(looks, present);
    } catch (error) {
      log.debug("the database does not say what other regions see", { error });
      return "silent";
    }
  }

  void refresh();

  return {
    ask: async (failing, since) => {
      await refresh();
      // the database is what a region without canaries asks first, and it does not answer
      if (canaries === null) return "silent";
      return (await askCanaries(canaries)) ?? askOthers(failing, since);
    },
    chosen: () => canaries !== null && canaries.length > 0,
  };
}

/** @throws when it takes longer, or what it throws itself */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, ms, new Error(`no answer within ${ms} ms`));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
