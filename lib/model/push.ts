/** What a job said of itself when it last called. */
export interface PushSignal {
  /** How long ago, in milliseconds, by the database's clock: the caller's may differ. */
  readonly msAgo: number;
  readonly ok: boolean;
  readonly message: string | null;
  /** How long the job took, as it says. */
  readonly durationMs: number | null;
}

/** All that is known of a check that waits to be called. */
export interface PushStanding {
  /** Since when it could have been called, in milliseconds ago. */
  readonly createdMsAgo: number;
  /** Null: nobody has called yet. */
  readonly last: PushSignal | null;
}
