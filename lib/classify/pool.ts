import type { Observation, PoolObservation } from "#lib/model/observation.ts";
import { healthOf, isFailing, type Outcome } from "#lib/model/outcome.ts";
import { leavesOut } from "#lib/model/pool.ts";
import type { Expectations, Verdict } from "#lib/model/verdict.ts";

import { duration } from "./duration.ts";
import { outcomeFor } from "./outcome.ts";

/** A member and what it came to. */
interface Member {
  readonly name: string;
  readonly outcome: Outcome;
  readonly observation: Observation;
}

/** Both sides of a pool, counted. */
interface Tally {
  /** Of all that could be looked at. */
  readonly members: number;
  readonly failing: readonly Member[];
  readonly samples: number;
  readonly failedSamples: number;
}

/**
 * What a pool's members and front door come to together.
 *
 * - Nothing fails, or all members do and the front door not: what the front door came to.
 * - The front door fails every time: the front door's own outcome; the members say whose fault it is.
 * - It fails now and then, or a member fails that it may still use: a failure in part.
 * - A member fails, and enough requests at the front door went well to say that the gateway leaves it
 *   out: `slow`, which stands for degraded. No visitor is hurt, so it is no outage; one more member
 *   lost and somebody is, so it is not fine either.
 * @param single the verdict on the observation that speaks for the pool
 */
export function poolVerdict(single: Verdict, pool: PoolObservation, expectations: Expectations): Verdict {
  const members = pool.members.map(({ name, observation }, i): Member => {
    const expectStatus = expectations.members?.[i] ?? expectations.expectStatus;
    return { name, observation, outcome: outcomeFor(observation, { slowMs: null, expectStatus }) };
  });
  const known = members.filter(({ outcome }) => outcome !== "unknown");
  const front = pool.front
    .map((observation) => outcomeFor(observation, expectations))
    .filter((outcome) => outcome !== "unknown");
  const tally: Tally = {
    members: known.length,
    failing: known.filter(({ outcome }) => fails(outcome)),
    samples: front.length,
    failedSamples: front.filter(fails).length,
  };
  const details = {
    front: `${tally.samples - tally.failedSamples} of ${tally.samples} requests fine`,
    ...Object.fromEntries(members.map((member) => [`member ${member.name}`, lineOf(member)])),
  };
  return { ...single, ...meaning(single, tally), details };
}

function fails(outcome: Outcome): boolean {
  return isFailing(healthOf(outcome));
}

function lineOf({ outcome, observation }: Member): string {
  const { http, error, timings } = observation;
  const answer = http === null ? (error?.code ?? "no answer") : `status ${http.status}`;
  return `${outcome}, ${answer}, ${duration(timings.total)}`;
}

function meaning(single: Verdict, tally: Tally): Pick<Verdict, "outcome" | "summary"> {
  const { members, failing, samples, failedSamples } = tally;
  // the front door could not be looked at: its observation says why
  if (samples === 0) return single;
  if (failedSamples === samples) return { ...single, summary: `${single.summary} ${blame(tally)}` };
  const none = failing.length === 0;
  if (failedSamples > 0) {
    const share = percent(failedSamples, samples);
    const summary = none
      ? `${failedSamples} of ${samples} requests at the front door fail although all ${members} members answer: about ${share} of requests fail, between the gateway and its members.`
      : `${subject(tally)}: about ${share} of requests fail (${names(failing)}).`;
    return { outcome: "partial_failure", summary };
  }
  if (none) return single;
  if (failing.length === members) {
    // what speaks for the pool is then a good answer at the front door
    const summary = `${single.summary} None of its ${members} members answers from here; they may be reachable through it alone.`;
    return { ...single, summary };
  }
  const tried = `none of ${samples} requests at the front door failed`;
  if (leavesOut(failing.length, members, samples)) {
    const summary = `${subject(tally)}, but ${tried}: the gateway leaves ${failing.length === 1 ? "it" : "them"} out, and the pool runs on what is left (${names(failing)}).`;
    return { outcome: "slow", summary };
  }
  const share = percent(failing.length, members);
  const summary = `${subject(tally)}: about ${share} of requests fail if the gateway still uses ${failing.length === 1 ? "it" : "them"}; ${tried}, which is too few to tell (${names(failing)}).`;
  return { outcome: "partial_failure", summary };
}

/** Whose fault it is that the front door fails every time. */
function blame({ members, failing }: Tally): string {
  if (members === 0) return "Its members could not be looked at.";
  if (failing.length === 0) {
    return `All ${members} members answer by themselves: the gateway itself, or its way to them, is at fault.`;
  }
  if (failing.length === members) return `All ${members} members fail as well.`;
  return `${failing.length} of ${members} members ${failing.length === 1 ? "fails" : "fail"} as well (${names(failing)}).`;
}

/** "1 of 4 members answers 502". */
function subject({ members, failing }: Tally): string {
  const phrases = new Set(failing.map((member) => phraseOf(member, failing.length === 1)));
  const [only = ""] = phrases;
  const verb = phrases.size === 1 ? only : "fail";
  return `${failing.length} of ${members} members ${verb}`;
}

const PHRASES: Partial<Record<Outcome, readonly [one: string, several: string]>> = {
  connection_refused: ["refuses the connection", "refuse the connection"],
  connect_timeout: ["cannot be connected to in time", "cannot be connected to in time"],
  connection_reset: ["breaks the connection off", "break the connection off"],
  response_timeout: ["does not answer in time", "do not answer in time"],
  tls_failure: ["fails the TLS handshake", "fail the TLS handshake"],
  dns_failure: ["has a name that cannot be resolved", "have names that cannot be resolved"],
  invalid_response: ["sends no valid answer", "send no valid answer"],
  body_mismatch: ["answers with something unexpected", "answer with something unexpected"],
  too_large: ["sends too much", "send too much"],
};

function phraseOf({ outcome, observation }: Member, one: boolean): string {
  const phrase = PHRASES[outcome];
  if (phrase !== undefined) return phrase[one ? 0 : 1];
  const { http } = observation;
  if (http === null) return one ? "fails" : "fail";
  return `${one ? "answers" : "answer"} ${http.status}`;
}

const NAMED = 5;

function names(failing: readonly Member[]): string {
  const named = failing.slice(0, NAMED).map(({ name }) => name);
  const rest = failing.length - named.length;
  return `member${failing.length === 1 ? "" : "s"} ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function percent(part: number, whole: number): string {
  return `${Math.max(1, Math.round((100 * part) / whole))} %`;
}
