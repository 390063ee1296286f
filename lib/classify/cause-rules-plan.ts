import { MINUTE } from "#lib/base/clock.ts";

import { nearby, retryAfterSeconds, saysMaintenance } from "./cause-look.ts";
import type { CauseRule, Seen } from "./cause-rule.ts";
import { clock, span } from "./cause-words.ts";

const SOON = 10 * MINUTE;
/** Clocks of a pipeline and of a worker differ, and a restart begins before it is reported. */
const SKEW = 2 * MINUTE;
const RESTART = 5 * MINUTE;
const LONG = 15 * MINUTE;

/** Milliseconds from the last deploy to the start; null without one just before it. */
function sinceDeploy({ facts }: Seen): number | null {
  const passed = facts.deploys
    .map(({ at }) => facts.startedAt - at)
    .filter((ms) => ms >= -SKEW && ms <= SOON)
    .toSorted((a, b) => a - b)[0];
  return passed === undefined ? null : Math.max(0, passed);
}

function lasted({ facts }: Seen): number {
  return (facts.endedAt ?? facts.now) - facts.startedAt;
}

const RESTARTING = new Set([
  "bad_gateway",
  "service_unavailable",
  "connection_refused",
  "connection_reset",
  "gateway_timeout",
]);
const WRONG_ANSWERS = new Set([
  "client_error",
  "unexpected_status",
  "body_mismatch",
  "tls_failure",
  "server_error",
  "invalid_response",
]);

/** What somebody said beforehand. */
export const PLAN_RULES: readonly CauseRule[] = [
  {
    id: "maintenance-window",
    family: "plan",
    weights: { planned: 7 },
    proof: true,
    reason: "Somebody announced work on this component for this time.",
    tell: ({ facts }) => {
      const window = facts.maintenances.find(
        ({ from, to }) => facts.startedAt >= from - SKEW && facts.startedAt <= to + SKEW,
      );
      if (window === undefined) return null;
      return `it began inside the announced maintenance “${window.name}” (${clock(window.from)} to ${clock(window.to)})`;
    },
  },
  {
    id: "says-maintenance",
    family: "answer",
    weights: { planned: 3.6 },
    reason: "Maintenance pages of frameworks and platforms say so: `php artisan down`, Heroku's H80.",
    tell: (seen) => (saysMaintenance(seen) ? "the answer itself speaks of maintenance" : null),
  },
  {
    id: "asks-for-long-patience",
    family: "load",
    weights: { planned: 1.2, overload: -1 },
    reason: "Shedding asks for seconds; whoever writes half an hour knows how long the work takes.",
    tell: (seen) => {
      const patient = nearby(seen, (look) => look.status === 503 && (retryAfterSeconds(look) ?? 0) >= 600);
      return patient >= 2 ? "the answers ask to come back in ten minutes or later" : null;
    },
  },
  {
    id: "deploy-just-before",
    family: "plan",
    weights: { planned: 3.2, configuration: 0.6 },
    reason: "Most outages begin with a change (Google SRE book, chapter 1: about 70 %).",
    tell: (seen) => {
      const ms = sinceDeploy(seen);
      return ms === null ? null : `a new version went out ${ms < 1_000 ? "just" : span(ms)} before it began`;
    },
  },
  {
    id: "restart-after-deploy",
    family: "onset",
    weights: { planned: 1.6, configuration: -0.6 },
    reason: "Servers that are being replaced refuse, reset and answer 502 or 503 for a few minutes.",
    tell: (seen) =>
      sinceDeploy(seen) !== null && lasted(seen) <= RESTART && RESTARTING.has(seen.facts.outcome)
        ? "for these few minutes it fails the way servers do that are being restarted"
        : null,
  },
  {
    id: "deploy-did-not-recover",
    family: "onset",
    weights: { planned: -2.2, configuration: 2 },
    reason:
      "No restart takes a quarter of an hour: the new version, or what it is set up with, does not work.",
    tell: (seen) =>
      sinceDeploy(seen) !== null && lasted(seen) > LONG
        ? `it still failed ${span(lasted(seen))} after the new version, longer than a restart takes`
        : null,
  },
  {
    id: "deploy-changed-answer",
    family: "onset",
    weights: { configuration: 2.8, planned: -2.2 },
    reason: "A restart does not answer 404: what answers is up, and set up differently.",
    tell: (seen) =>
      sinceDeploy(seen) !== null && WRONG_ANSWERS.has(seen.facts.outcome)
        ? "since the new version it answers, but not as before"
        : null,
  },
];
