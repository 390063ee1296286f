/** A check as a worker needs it: enough to probe, judge and store. Milliseconds throughout. */
export interface CheckSpec {
  readonly id: string;
  /** The short key of results and rollups. */
  readonly number: number;
  readonly componentId: string;
  readonly name: string;
  /** A key of the probe registry. */
  readonly kind: string;
  /** What the kind's schema accepts; parsed by the registry, not here. */
  readonly target: unknown;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly slowMs: number | null;
  /** Delays after a first failure at which it is looked at again. */
  readonly confirmMs: readonly number[];
}
