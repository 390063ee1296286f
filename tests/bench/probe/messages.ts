/** What the processes of `npm run bench:probe` tell each other. */

/** The target's ports on 127.0.0.1. */
export interface TargetReady {
  readonly http: number;
  readonly https: number;
}

/** Requests since the last time that the target was asked. */
export interface Arrivals {
  /** The number in each request's path. */
  readonly ids: Int32Array;
  /** When it came, epoch milliseconds. */
  readonly times: Float64Array;
  readonly connections: number;
}

/** What the bare loop is to do: at set times, or as fast as it can. */
export type BareOrder =
  | {
      readonly kind: "paced";
      readonly looks: readonly BareLook[];
      readonly intervalMs: number;
      /** Epoch milliseconds. */
      readonly from: number;
      readonly to: number;
      readonly timeoutMs: number;
    }
  | { readonly kind: "flat-out"; readonly url: string; readonly ca: string; readonly ms: number };

export interface BareLook {
  readonly url: string;
  /** When it is due in each interval, milliseconds. */
  readonly phase: number;
}

export interface BareReport {
  readonly done: number;
  readonly failed: number;
  readonly cpuSeconds: number;
}
