import type { Transaction } from "./client.ts";

/** The channel that web processes listen on; the payload is the new version. */
export const PUBLIC_CHANNEL = "gatewatch_public";

/**
 * Says that strangers will see something else once this transaction commits: raises the version
 * and notifies every web process. Call it last: the row is locked until the commit.
 */
export async function bumpPublicVersion(tx: Pick<Transaction, "$executeRaw">): Promise<void> {
  await tx.$executeRaw`
    WITH bumped AS (
      UPDATE public_state SET version = version + 1, updated_at = now() WHERE id = 1 RETURNING version
    )
    SELECT pg_notify('gatewatch_public', version::text) FROM bumped`;
}

/** The version that the database stands at. */
export async function readPublicVersion(db: Pick<Transaction, "publicState">): Promise<bigint> {
  const row = await db.publicState.findUnique({ where: { id: 1 } });
  return row?.version ?? 0n;
}
