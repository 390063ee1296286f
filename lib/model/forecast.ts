/** An earlier episode of the same class, as it is known now. */
export interface PastEpisode {
  /** Milliseconds; of one that has not ended: until now. */
  readonly lastedMs: number;
  /** False: it still goes on, so all that is known is that it lasts longer. */
  readonly ended: boolean;
}

/**
 * How long a failure usually lasts, given how long it has lasted. It is a table and not a number,
 * because a number is wrong a minute later: whoever shows it looks up the row of the moment.
 */
export interface Forecast {
  /** Earlier episodes that it rests on, those that have not ended included. */
  readonly cases: number;
  /** Whose episodes they are: the component's own, or of everything on the page. */
  readonly of: "component" | "page";
  /** By the time that has passed; empty when there were too few cases to say anything. */
  readonly steps: readonly ForecastStep[];
}

/**
 * Holds from `passed` on until the next row's. All but `longer` in whole seconds since the
 * beginning of the episode; as an array, because a page carries dozens.
 */
export type ForecastStep = readonly [
  passed: number,
  /** When half of the cases that lasted as long were over; null: too few lasted as long. */
  median: number | null,
  /** When nine of ten were over; null: too few lasted as long. */
  p90: number | null,
  /** How many of the cases lasted longer than `passed`. */
  longer: number,
];

/** The row that holds after so many seconds; undefined when the forecast has no numbers. */
export function stepAt({ steps }: Pick<Forecast, "steps">, seconds: number): ForecastStep | undefined {
  return steps.findLast(([passed]) => passed <= seconds) ?? steps[0];
}
