import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { holdLock } from "#lib/store/locks.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";
import { deleteSample, SAMPLE_REMOVED } from "#lib/store/sample.ts";

/** Who removes it when no person does: `npm run sample:remove`, or a start that finds a gatewatch.yaml. */
export const COMMAND_LINE: Actor = { id: null, name: "command line" };

const LIMITS = { maxWait: 10_000, timeout: 60_000 };

/**
 * Removes the sample with everything measured of it, for good: it is not set up again in this
 * database. Its servers notice within seconds and end.
 * @returns false when there was no sample
 */
export async function removeSample(db: Database, actor: Actor = COMMAND_LINE): Promise<boolean> {
  return db.$transaction(async (tx) => {
    await holdLock(tx, "catalog");
    if ((await deleteSample(tx)) === 0) return false;
    await writeAudit(tx, { actor, action: SAMPLE_REMOVED, target: { type: "sample", id: "sample" } });
    await bumpPublicVersion(tx);
    return true;
  }, LIMITS);
}
