import { SECOND } from "#lib/base/clock.ts";

/** How long a slot is. A check with a longer interval is due in some slots only. */
export const SLOT_MS = 10 * SECOND;

/** One region's checks (or a share of them) in one window [from, from + SLOT_MS). */
export interface Slot {
  readonly region: string;
  readonly shard: number;
  readonly shards: number;
  /** Epoch milliseconds. */
  readonly from: number;
}
