import type { Database } from "#lib/store/client.ts";

import { isOnPage, readStanding } from "./standing.ts";
import type { LiveState } from "./types.ts";

/** What an open page polls. It stays the same, byte for byte, until something changed. */
export async function readLiveState(db: Database, { now }: { readonly now: number }): Promise<LiveState> {
  const { version, freshness, indicator, components } = await readStanding(db, now);
  return {
    version,
    freshness,
    indicator,
    components: components
      .filter(isOnPage)
      .map(({ row, status, since }) => [row.id, status, since.toISOString()] as const),
  };
}
