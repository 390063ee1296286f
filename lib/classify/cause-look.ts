import { MINUTE } from "#lib/base/clock.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import type { PastLook } from "#lib/model/cause-facts.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import type { Seen } from "./cause-rule.ts";

/** The evidence to look at: the latest of the episode's own class, else whatever there is. */
export function evidenceOf({ facts }: Seen): Evidence | null {
  const { first, last, outcome } = facts;
  if (last !== null && (last.outcome === outcome || first === null)) return last;
  return first;
}

/** True when the failures are of this error code, and there are no others. */
export function failsWith(seen: Seen, codes: ReadonlySet<string>): boolean {
  const code = evidenceOf(seen)?.error?.code;
  if (code === undefined || !codes.has(code)) return false;
  return seen.history.failures.every(({ error }) => error === null || codes.has(error));
}

/** True when the episode's answers carry one of these statuses. */
export function answersWith(seen: Seen, statuses: readonly number[]): boolean {
  const status = evidenceOf(seen)?.httpStatus;
  return status !== null && status !== undefined && statuses.includes(status);
}

/** The first match in the body of the first or latest failure. */
export function bodyMatch({ facts: { first, last } }: Seen, pattern: RegExp): boolean {
  return pattern.test(last?.bodyStart ?? "") || pattern.test(first?.bodyStart ?? "");
}

/** True when what happened behind the gateway is of this kind. */
export function isKind(seen: Seen, ...kinds: readonly FaultKind[]): boolean {
  const kind = seen.facts.kind ?? evidenceOf(seen)?.kind ?? null;
  return kind !== null && kinds.includes(kind);
}

/** What is further away from the start belongs to another story. */
const NEARBY = 5 * MINUTE;

/** How many looks from shortly before the start on are so. */
export function nearby({ facts, history }: Seen, is: (look: PastLook) => boolean): number {
  const since = facts.startedAt - NEARBY;
  return [...history.before.filter(({ at }) => at >= since), ...history.during].filter(is).length;
}

const OVERLOADED =
  /\b(?:over(?:loaded| capacity)|server (?:is )?too busy|too many (?:connections|requests)|queue (?:is )?full|at capacity|reset reason: overflow|load shed)/i;
const MAINTENANCE = /\b(?:(?:under|scheduled|planned|down for) maintenance|maintenance mode)\b/i;

/** The answer itself says that there is too much to do. */
export function saysOverloaded(seen: Seen): boolean {
  return bodyMatch(seen, OVERLOADED);
}

/** The answer itself speaks of maintenance. */
export function saysMaintenance(seen: Seen): boolean {
  return evidenceOf(seen)?.httpStatus === 503 && bodyMatch(seen, MAINTENANCE);
}

/** Somebody turns requests away on purpose, which is quick whatever made it necessary. */
export function isDeliberate(seen: Seen): boolean {
  return (
    saysOverloaded(seen) ||
    saysMaintenance(seen) ||
    seen.history.failures.some(
      ({ status, retryAfter }) => status === 429 || (status === 503 && retryAfter !== null),
    )
  );
}

/**
 * One of several servers behind the gateway fails, and the gateway goes on using it: some requests get
 * the same 502 at once, whenever their turn comes, and the others are fine. Not when the gateway
 * says that it got through and lost the connection then.
 */
export function isOneOfSeveral(seen: Seen): boolean {
  const { facts, history } = seen;
  return (
    facts.outcome === "bad_gateway" &&
    history.strewn !== null &&
    history.fast &&
    history.climb === null &&
    !isKind(seen, "upstream_reset", "upstream_closed_early", "upstream_connect_timeout")
  );
}

/** A `Retry-After` in seconds (RFC 9110, 10.2.3); null when there is none. */
export function retryAfterSeconds(look: Pick<PastLook, "retryAfter" | "at">): number | null {
  if (look.retryAfter === null) return null;
  if (/^\d{1,9}$/.test(look.retryAfter)) return Number(look.retryAfter);
  const date = Date.parse(look.retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, (date - look.at) / 1_000);
}
