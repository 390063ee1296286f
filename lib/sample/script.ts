import { MINUTE, SECOND } from "#lib/base/clock.ts";

/** What an origin does wrong: the proxy answers 502 to the first three, 504 to a hang, and passes a slow answer on. */
export const FAULTS = ["refuse", "close_early", "garbage", "hang", "slow"] as const;
export type Fault = (typeof FAULTS)[number];

interface Scene {
  /** From the start of the servers, or of each later round. Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly slug: string;
  readonly fault: Fault;
}

/**
 * The opening, played once at every start, so that whoever starts the sample sees within two
 * minutes a 502 come and go and then a 504: checks run every 10 s and a failure is confirmed
 * within 3 s more.
 */
const OPENING: readonly Scene[] = [
  { from: 15 * SECOND, to: 50 * SECOND, slug: "sample-checkout-api", fault: "refuse" },
  { from: 60 * SECOND, to: 100 * SECOND, slug: "sample-search", fault: "hang" },
];
const OPENING_ENDS = 2 * MINUTE;

/**
 * What follows, again and again: one short failure of one component at a time and eight quiet
 * minutes or more in between. The sample is healthy most of the time and never stays broken.
 */
const ROUND: readonly Scene[] = [
  { from: 8 * MINUTE, to: 8 * MINUTE + 45 * SECOND, slug: "sample-web-shop", fault: "close_early" },
  { from: 18 * MINUTE, to: 18 * MINUTE + 60 * SECOND, slug: "sample-images", fault: "slow" },
  { from: 27 * MINUTE, to: 27 * MINUTE + 50 * SECOND, slug: "sample-public-api", fault: "garbage" },
  { from: 38 * MINUTE, to: 38 * MINUTE + 75 * SECOND, slug: "sample-reports", fault: "hang" },
  { from: 50 * MINUTE, to: 50 * MINUTE + 40 * SECOND, slug: "sample-sign-in", fault: "refuse" },
];
const ROUND_LASTS = 60 * MINUTE;

/**
 * What is wrong with a component's origin at a moment.
 * @param elapsed milliseconds since the sample's servers started
 * @returns null when it is healthy
 */
export function faultAt(slug: string, elapsed: number): Fault | null {
  const opening = elapsed < OPENING_ENDS;
  const scenes = opening ? OPENING : ROUND;
  const moment = opening ? elapsed : (elapsed - OPENING_ENDS) % ROUND_LASTS;
  return (
    scenes.find((scene) => scene.slug === slug && moment >= scene.from && moment < scene.to)?.fault ?? null
  );
}
