import { requireApiKey } from "#lib/auth/api-key.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { database, type Database } from "#lib/store/client.ts";
import { ensureRegion, type RegionRow } from "#lib/store/regions.ts";

/** Who calls: the agent's key and the region that the key is bound to. */
export interface Caller {
  readonly db: Database;
  readonly keyId: string;
  readonly region: RegionRow;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @throws GatewatchError NOT_SIGNED_IN or NOT_PERMITTED */
export async function requireAgent(request: Request): Promise<Caller> {
  const db = database();
  const now = Date.now();
  const key = await requireApiKey(db, request.headers.get("authorization"), "agent", new Date(now));
  if (key.region === null) {
    throw new GatewatchError(
      "NOT_PERMITTED",
      "This API key names no region; make one for the agent's region.",
    );
  }
  return { db, now, keyId: key.id, region: await ensureRegion(db, key.region) };
}
