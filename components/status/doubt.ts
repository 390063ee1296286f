"use client";

import { MINUTE } from "#lib/base/clock.ts";
import type { Freshness } from "#lib/public/types.ts";
import { useNow } from "#components/ui/now.tsx";

import type { Connection } from "./use-live.ts";

/** A poll or two that fail are nothing; after this the last known state is no longer the current one. */
const BELIEVED_MS = 2 * MINUTE;

/**
 * Whether what is shown may no longer be true: the server has no fresh results, or we have not
 * reached it for a while. Nothing is claimed then, least of all that all is well.
 */
export function isDoubtful(freshness: Freshness, connection: Connection, now: number): boolean {
  if (freshness.stale) return true;
  if (connection === "live" || freshness.checkedAt === null) return false;
  return now - Date.parse(freshness.checkedAt) > BELIEVED_MS;
}

/** The same as of now, looked at again as time passes. */
export function useDoubt(freshness: Freshness, connection: Connection): boolean {
  return isDoubtful(freshness, connection, useNow());
}
