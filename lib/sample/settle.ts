import type { Database } from "#lib/store/client.ts";
import { pauseSample, sampleIsSet } from "#lib/store/sample.ts";

import { removeSample } from "./remove.ts";
import { setUpSample } from "./set-up.ts";

export interface SampleWish {
  /** Whether the database is the embedded one: a server of the user's own never gets a sample. */
  readonly embedded: boolean;
  /** Whether there is a gatewatch.yaml. */
  readonly configured: boolean;
  /** GATEWATCH_SAMPLE is not `off`. */
  readonly wanted: boolean;
  readonly region: string;
}

/** True when a sample may exist at all; whether the database is untouched is for `setUpSample` to find out. */
export function shouldSetUpSample({ embedded, configured, wanted }: SampleWish): boolean {
  return embedded && !configured && wanted;
}

/**
 * Decides at a start what becomes of the sample: set up when nothing else is there, removed when
 * it is not wanted any more, otherwise left as it is. Its checks are off until its servers run.
 * @returns true when the sample's servers are to be started
 */
export async function settleSample(db: Database, wish: SampleWish): Promise<boolean> {
  if (!shouldSetUpSample(wish)) {
    await removeSample(db);
    return false;
  }
  await setUpSample(db, wish.region);
  await pauseSample(db);
  return sampleIsSet(db);
}
