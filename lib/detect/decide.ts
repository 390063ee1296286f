import { silenceLimitMs, type Belief, type Confirmation, type Transition } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import { healthOf, isFailing, type Health, type Outcome } from "#lib/model/outcome.ts";

/** One look at a check, judged. Times are epoch milliseconds. */
export interface Look {
  readonly outcome: Outcome;
  /** When it was due. */
  readonly at: number;
  /** The suspicion that it was made to confirm; null: it was due anyway. */
  readonly confirms: Confirmation | null;
}

/** Something else than what is believed was seen, and is being looked at again. */
export interface Suspicion {
  readonly outcome: Outcome;
  /** The first sight of it. */
  readonly since: number;
  /** Every outcome that spoke for it, the first sight included. */
  readonly seen: readonly Outcome[];
  /** Whether a look has come that was far enough from the first. */
  readonly spanned: boolean;
  /** True when it began with a look that refuted another suspicion: one such round is enough. */
  readonly restarted: boolean;
}

/** What is held of a check between two looks. */
export interface Standing {
  readonly belief: Belief;
  readonly suspicion: Suspicion | null;
}

export interface Decision {
  readonly standing: Standing;
  /** What to write down, in this order; empty most of the time. */
  readonly changes: readonly Change[];
  /** True when a suspicion has just begun and confirming looks are to be ordered. */
  readonly confirm: boolean;
  /** True when a suspicion was refuted: a single blip that changes nothing. */
  readonly blip: boolean;
}

export type Change = Pick<Transition, "from" | "to" | "at">;

type CheckTimes = Pick<CheckSpec, "intervalMs" | "timeoutMs" | "confirmMs">;

/**
 * Decides what one more look means: nothing, a suspicion, its confirmation or its end.
 *
 * Something new counts once it has been seen again by as many looks as `confirmMs` has entries,
 * the last of them at least that long after the first, and not refuted by any in between; it then
 * counts from its first sight. Leaving `unknown` for `up` or `slow` needs no confirmation. Looks
 * that saw nothing (`unknown`) never confirm; they drop a suspicion, and after a silence they
 * leave nothing to believe.
 */
export function decide(standing: Standing, look: Look, check: CheckTimes): Decision {
  const awake = endSilence(standing, look, check);
  const decision =
    look.outcome === "unknown" ? sawNothing(awake.standing) : weigh(awake.standing, look, check);
  return { ...decision, changes: [...awake.changes, ...decision.changes] };
}

/** Nobody looked for too long: what was believed ended when its last look ran out. */
function endSilence(
  standing: Standing,
  look: Look,
  check: CheckTimes,
): Pick<Decision, "standing" | "changes"> {
  const { belief } = standing;
  const { lastSlotAt } = belief;
  if (lastSlotAt === null || belief.health === "unknown" || look.at - lastSlotAt <= silenceLimitMs(check)) {
    return { standing, changes: [] };
  }
  const change: Change = {
    from: belief,
    to: { health: "unknown", outcome: "unknown" },
    at: lastSlotAt + check.intervalMs,
  };
  return { standing: { belief: adopt(change), suspicion: null }, changes: [change] };
}

function sawNothing(standing: Standing): Decision {
  return settle({ belief: standing.belief, suspicion: null }, { blip: standing.suspicion !== null });
}

function weigh(standing: Standing, look: Look, check: CheckTimes): Decision {
  const { suspicion } = standing;
  const belief = lookedAt(standing.belief, look.at);
  const confirming = suspicion !== null && look.confirms?.since === suspicion.since;
  // a slow probe that began before the first sight knows less than it does
  if (suspicion !== null && !confirming && look.at < suspicion.since) return settle({ belief, suspicion });
  if (suspicion !== null && agrees(suspicion, look.outcome, belief)) {
    return confirmWith({ belief, suspicion }, suspicion, look, check);
  }
  const blip = suspicion !== null;
  if (look.outcome === belief.outcome) return settle({ belief, suspicion: null }, { blip });
  // a flapping target must not be looked at without end: a confirming look starts one more round at most
  const mayBegin = look.confirms === null || (suspicion !== null && !suspicion.restarted);
  return mayBegin ? suspect(belief, look, check, blip) : settle({ belief, suspicion: null }, { blip });
}

/** Takes the look as a first sight; with nothing to confirm it counts at once. */
function suspect(belief: Belief, look: Look, check: CheckTimes, blip: boolean): Decision {
  const suspicion: Suspicion = {
    outcome: look.outcome,
    since: look.at,
    seen: [look.outcome],
    spanned: false,
    restarted: look.confirms !== null,
  };
  const answersAfterNothing = belief.health === "unknown" && !isFailing(healthOf(look.outcome));
  if (answersAfterNothing || check.confirmMs.length === 0) return conclude(belief, suspicion, blip);
  return settle({ belief, suspicion }, { confirm: true, blip });
}

function confirmWith(standing: Standing, suspicion: Suspicion, look: Look, check: CheckTimes): Decision {
  const confirming = look.confirms?.since === suspicion.since;
  const span = Math.max(0, ...check.confirmMs);
  const grown: Suspicion = {
    ...suspicion,
    seen: [...suspicion.seen, look.outcome],
    spanned: suspicion.spanned || (confirming && look.confirms.last) || look.at - suspicion.since >= span,
  };
  if (!grown.spanned || grown.seen.length <= check.confirmMs.length) {
    return settle({ belief: standing.belief, suspicion: grown });
  }
  return conclude(standing.belief, grown, false);
}

/** The suspicion counts from now on, from its first sight. */
function conclude(belief: Belief, suspicion: Suspicion, blip: boolean): Decision {
  const outcome = mostSeen(suspicion.seen);
  const change: Change = { from: belief, to: { health: healthOf(outcome), outcome }, at: suspicion.since };
  return settle({ belief: adopt(change), suspicion: null }, { changes: [change], blip });
}

/**
 * Whether a look speaks for a suspicion. Against a belief of another health any failure confirms
 * a failure (an overloaded service answers 502 and 504 in turns); a change of class while down
 * has to be seen as the same class each time.
 */
function agrees(suspicion: Suspicion, outcome: Outcome, belief: Belief): boolean {
  if (suspicion.outcome === outcome) return true;
  const health: Health = healthOf(suspicion.outcome);
  return isFailing(health) && !isFailing(belief.health) && isFailing(healthOf(outcome));
}

/** The outcome seen most; of several the latest. */
function mostSeen(seen: readonly [Outcome, ...Outcome[]] | readonly Outcome[]): Outcome {
  let best: Outcome = "unknown";
  let most = 0;
  for (const outcome of seen.toReversed()) {
    const count = seen.filter((other) => other === outcome).length;
    if (count > most) [best, most] = [outcome, count];
  }
  return best;
}

function adopt(change: Change): Belief {
  return { ...change.to, since: change.at, lastSlotAt: change.from.lastSlotAt };
}

function lookedAt(belief: Belief, at: number): Belief {
  // a clock that goes back must not make the last look look old
  return { ...belief, lastSlotAt: Math.max(at, belief.lastSlotAt ?? at) };
}

function settle(standing: Standing, rest: Partial<Omit<Decision, "standing">> = {}): Decision {
  return { standing, changes: [], confirm: false, blip: false, ...rest };
}
