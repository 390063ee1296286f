import { writeAudit } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { holdLock } from "#lib/store/locks.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";
import { insertSample, isUntouched } from "#lib/store/sample.ts";

import { makeSample } from "./history.ts";

// some 2,500 rows; the limit is for a machine that is busy with its first build meanwhile
const LIMITS = { maxWait: 10_000, timeout: 60_000 };

/**
 * Sets the sample up in an untouched database.
 * @param region the region whose worker will look at it
 * @returns false when somebody has made a component already, or has removed a sample before
 */
export async function setUpSample(db: Database, region: string, now: number = Date.now()): Promise<boolean> {
  if (!(await isUntouched(db))) return false;
  // outside the transaction: it takes a second or two of computing
  const sample = makeSample(region, now);
  return db.$transaction(async (tx) => {
    await holdLock(tx, "catalog");
    if (!(await isUntouched(tx))) return false;
    await insertSample(tx, sample);
    const actor = { id: null, name: "sample" };
    await writeAudit(tx, { actor, action: "sample.set_up", target: { type: "sample", id: "sample" } });
    await bumpPublicVersion(tx);
    return true;
  }, LIMITS);
}
