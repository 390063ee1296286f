import { seededRandom } from "#lib/sample/random.ts";

/** Numbers that look random and are the same for the same seed. */
export interface Dice {
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(first: T, ...others: readonly T[]): T;
  chance(probability: number): boolean;
}

export function throwDice(seed: number): Dice {
  const random = seededRandom(seed);
  const int = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return {
    int,
    pick: (first, ...others) => others[int(0, others.length) - 1] ?? first,
    chance: (probability) => random() < probability,
  };
}
