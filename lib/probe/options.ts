import type { Observation } from "#lib/model/observation.ts";

export interface ProbeOptions {
  /** For the whole probe, redirects included. Milliseconds. */
  readonly timeoutMs: number;
  /** Ends the probe early; the observation says so. */
  readonly signal?: AbortSignal;
}

/** One kind of check: looks at a target and reports. Never rejects because of the target. */
export type Probe<Target> = (target: Target, options: ProbeOptions) => Promise<Observation>;
