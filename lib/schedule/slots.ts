import type { PgBoss } from "pg-boss";
import { v5 as uuidv5 } from "uuid";

import { SECOND } from "#lib/base/clock.ts";

import { SLOT_MS, type Slot } from "./slot.ts";

/**
 * In how many parts a region's slots are cut, so that several workers share one region's checks: two and
 * four evenly, three nearly. Who hands out slots and who takes them must agree on it.
 */
export const SHARDS = 8;

/** A slot is handed out this long before it begins: a database that restarts in between is not missed. */
const LEAD_MS = 5 * SECOND;
/** How far ahead slots are offered: a worker that starts up finds work although no other is there. */
const AHEAD_MS = 30 * SECOND;
/**
 * pg-boss takes a silent worker's slot away after this; ten is the least that it allows. The other
 * workers of the region are faster (standby.ts), this is for when there are none.
 */
const HEARTBEAT_SECONDS = 10;

// a namespace of ours for ids that are made from names (RFC 9562, version 5)
const NAMESPACE = "5f0c8f3e-6f4b-4a58-9d0c-7a3b1c9e2d41";

/** The queue of a region's slots. */
export function slotQueue(region: string): string {
  return `probe/${region}`;
}

/** Makes the region's queue where it is missing. */
export async function createSlotQueue(boss: PgBoss, region: string): Promise<void> {
  await boss.createQueue(slotQueue(region), {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    // a slot lasts as long as its slowest probe and that one's confirmations
    expireInSeconds: 600,
    // a slot that nobody took in time has nothing left to do
    retentionSeconds: 60,
    deleteAfterSeconds: 60,
    retryLimit: 5,
    retryDelay: 0,
  });
}

/**
 * Offers the region's slots from the one that `now` is in to those half a minute ahead. A slot's
 * job id is made from what it is, so every worker may offer every slot and there is still one.
 * @param offered the end of what this worker has offered before, epoch milliseconds
 * @returns the new end
 */
export async function offerSlots(
  boss: PgBoss,
  region: string,
  shards: number,
  now: number,
  offered: number,
): Promise<number> {
  const current = Math.floor(now / SLOT_MS) * SLOT_MS;
  // a clock that went back by more than is offered ahead begins anew
  const start = offered > now + AHEAD_MS + SLOT_MS ? current : Math.max(current, offered);
  const slots: Slot[] = [];
  for (let from = start; from < now + AHEAD_MS; from += SLOT_MS) {
    for (let shard = 0; shard < shards; shard += 1) slots.push({ region, shard, shards, from });
  }
  if (slots.length === 0) return offered;
  await boss.insert(
    slotQueue(region),
    slots.map((slot) => ({
      id: uuidv5(`${slot.region}/${slot.shard}/${slot.shards}/${slot.from}`, NAMESPACE),
      data: slot,
      startAfter: new Date(slot.from - LEAD_MS),
    })),
  );
  return (slots.at(-1)?.from ?? start) + SLOT_MS;
}
