import type { Observation } from "#lib/model/observation.ts";

import type { KeptConnections } from "./kept-connections.ts";

export interface ProbeOptions {
  /** For the whole probe, redirects included. Milliseconds. */
  readonly timeoutMs: number;
  /** Ends the probe early; the observation says so. */
  readonly signal?: AbortSignal;
  /** Connections kept from look to look; without it each look makes its own. */
  readonly kept?: KeptConnections;
  /** Whose connection is meant; without it none is kept. */
  readonly checkId?: string;
}

/** One kind of check: looks at a target and reports. Never rejects because of the target. */
export type Probe<Target> = (target: Target, options: ProbeOptions) => Promise<Observation>;
