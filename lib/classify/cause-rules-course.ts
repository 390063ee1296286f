import { isDeliberate, isOneOfSeveral } from "./cause-look.ts";
import { duration } from "./duration.ts";
import type { CauseRule } from "./cause-rule.ts";
import { percent, span } from "./cause-words.ts";

const WAITING = new Set(["connect_timeout", "response_timeout", "gateway_timeout", "dns_failure"]);
/** A course of fewer good looks than this is not "well up to the start". */
const MANY = 8;

/** How it came about: the course of events before and in the episode. */
export const COURSE_RULES: readonly CauseRule[] = [
  {
    id: "answers-slowed-down",
    family: "load",
    weights: { overload: 3, configuration: -1.2, firewall: -1.4, planned: -0.4 },
    reason: "Queues grow before they overflow: waiting time rises steeply near full use (M/M/1, Kleinrock).",
    tell: ({ history: { climb } }) =>
      climb === null
        ? null
        : `answers had been getting slower for ${span(climb.forMs)} before the errors began (from ${duration(climb.fromMs)} to ${duration(climb.toMs)})`,
  },
  {
    id: "slow-answers-in-between",
    family: "onset",
    weights: { overload: 1.6, network: 0.2, configuration: -0.8, firewall: -0.8 },
    reason: "What still gets through takes much longer than usual.",
    tell: ({ history: { amongMs, usualMs, share } }) =>
      share !== null && amongMs !== null && usualMs !== null && amongMs > 3 * usualMs + 80
        ? `what is still answered takes ${duration(amongMs)} instead of ${duration(usualMs)}`
        : null,
  },
  {
    id: "no-slower-than-ever",
    family: "load",
    weights: { overload: -0.8 },
    reason: "Up to the start answers took what they always take.",
    tell: ({ history: { before, climb, usualMs } }) =>
      before.length >= MANY && climb === null && usualMs !== null
        ? "up to the start answers were as fast as ever"
        : null,
  },
  {
    id: "from-one-moment-on",
    family: "onset",
    weights: { configuration: 1.2, firewall: 1.2, network: -0.8, overload: -0.6 },
    reason: "All well, then all failing alike: something was switched, not worn out.",
    tell: (seen) =>
      seen.history.sharp && !isDeliberate(seen)
        ? "from one moment on everything fails in the same way"
        : null,
  },
  {
    id: "fails-at-once",
    family: "load",
    weights: { configuration: 1, firewall: 0.4, overload: -1, network: -0.8 },
    reason: "Whoever has too much to do, or is far away, lets people wait; a setting says no at once.",
    tell: (seen) =>
      seen.history.constant &&
      seen.history.fast &&
      !isDeliberate(seen) &&
      !WAITING.has(seen.facts.outcome) &&
      seen.facts.outcome !== "connection_reset"
        ? "every failure comes at once, without waiting"
        : null,
  },
  {
    id: "comes-and-goes",
    family: "onset",
    weights: { network: 0.8, overload: 0.8, configuration: -1.6, firewall: -1.6, planned: -0.6 },
    reason: "Settings and rules do not change their mind from one request to the next.",
    tell: (seen) => {
      const { share } = seen.history;
      return share === null || isOneOfSeveral(seen)
        ? null
        : `${percent(share)} of the requests fail, the others go through`;
    },
  },
];
