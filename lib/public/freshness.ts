import { MINUTE, SECOND } from "#lib/base/clock.ts";
import type { Watch } from "#lib/store/public-catalog.ts";

import type { Freshness } from "./types.ts";

const MISSED_INTERVALS = 3;
// results are handed out in slots and written in batches: a late one is not a missing one
const GRACE = 15 * SECOND;

function limitOf(intervalMs: number): number {
  return Math.max(MISSED_INTERVALS * intervalMs, MINUTE) + GRACE;
}

function latest(a: Date | null, b: Date | null): number {
  return Math.max(a?.getTime() ?? 0, b?.getTime() ?? 0);
}

/**
 * True when a component's checks should have reported and did not: three intervals, at least a
 * minute, and a grace have passed since the last result, or since a check was made or changed.
 * A component that nobody checks is never stale.
 */
export function isStale(watch: Watch | undefined, now: number): boolean {
  if (watch === undefined || watch.intervalMs === null) return false;
  return now - latest(watch.lastSlotAt, watch.changedAt) > limitOf(watch.intervalMs);
}

/**
 * The page's freshness: stale when checks exist and every one of the components that have any
 * is. A single silent component shows as unknown by itself and leaves the page believable.
 */
export function freshnessOf(watches: readonly Watch[], now: number): Freshness {
  const enabled = watches.filter((watch) => watch.intervalMs !== null);
  const last = Math.max(0, ...enabled.map((watch) => watch.lastSlotAt?.getTime() ?? 0));
  return {
    checkedAt: last === 0 ? null : new Date(Math.floor(last / MINUTE) * MINUTE).toISOString(),
    stale: enabled.length > 0 && enabled.every((watch) => isStale(watch, now)),
  };
}
