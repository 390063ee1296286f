import type { Observation } from "#lib/model/observation.ts";
import type { PushStanding } from "#lib/model/push.ts";

export interface ProbeOptions {
  /** For the whole probe, redirects included. Milliseconds. */
  readonly timeoutMs: number;
  /** Ends the probe early; the observation says so. */
  readonly signal?: AbortSignal;
  /** Reads what a job that calls us has last said; null when the check is gone. Only where the database is. */
  readonly lastSignal?: () => Promise<PushStanding | null>;
}

/** One kind of check: looks at a target and reports. Never rejects because of the target. */
export type Probe<Target> = (target: Target, options: ProbeOptions) => Promise<Observation>;
