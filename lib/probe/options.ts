import type { Observation } from "#lib/model/observation.ts";
import type { PushStanding } from "#lib/model/push.ts";

import type { KeptConnections } from "./kept-connections.ts";

/** What some kinds need from outside this room; where it is missing they do without, or say so. */
export interface ProbeExtras {
  /** Connections kept from look to look; without it each look makes its own. */
  readonly kept?: KeptConnections;
  /** Reads what a job that calls us has last said; null when the check is gone. Only where the database is. */
  readonly lastSignal?: () => Promise<PushStanding | null>;
}

export interface ProbeOptions extends ProbeExtras {
  /** For the whole probe, redirects included. Milliseconds. */
  readonly timeoutMs: number;
  /** Ends the probe early; the observation says so. */
  readonly signal?: AbortSignal;
  /** Whose kept connection is meant; without it none is kept. */
  readonly checkId?: string;
}

/** One kind of check: looks at a target and reports. Never rejects because of the target. */
export type Probe<Target> = (target: Target, options: ProbeOptions) => Promise<Observation>;
