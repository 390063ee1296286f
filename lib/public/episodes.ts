import {
  GATEWAY_CODES,
  isGatewayOutcome,
  OUTCOME_LABELS,
  outcomeOf,
  type Outcome,
} from "#lib/model/outcome.ts";
import {
  CAUSE_KINDS,
  FAULT_KINDS,
  type Cause,
  type CauseEvidence,
  type FaultKind,
} from "#lib/model/verdict.ts";
import type { EpisodeRow } from "#lib/store/public-errors.ts";

import type { Forecasts } from "./forecasts.ts";
import type { CurrentFault, PublicEpisode } from "./types.ts";

const FAULT_SENTENCES: Readonly<Record<FaultKind, string>> = {
  upstream_refused: "the server behind it refuses connections",
  upstream_closed_early: "the server behind it closed the connection before answering",
  upstream_reset: "the server behind it reset the connection",
  upstream_invalid_response: "the server behind it answered with something that is not HTTP",
  upstream_header_too_big: "the server behind it sent a header that is too big",
  upstream_tls_failure: "no secure connection to the server behind it could be made",
  upstream_name_not_found: "the name of the server behind it could not be resolved",
  no_live_upstream: "no server behind it is alive",
  upstream_connect_timeout: "the server behind it could not be reached in time",
  upstream_response_timeout: "the server behind it did not answer in time",
};

const OUTCOME_SENTENCES: Readonly<Partial<Record<Outcome, string>>> = {
  partial_failure: "Some of its servers fail, and with them a part of all requests.",
  missed: "It has not reported in time.",
  reported_failure: "It reports that it fails.",
  dns_failure: "Its name could not be resolved.",
  connection_refused: "It refuses connections.",
  connect_timeout: "No connection could be made in time.",
  tls_failure: "No secure connection could be made.",
  connection_reset: "It breaks the connection off.",
  response_timeout: "It takes the request and does not answer in time.",
  invalid_response: "It answers with something that is not HTTP.",
  too_large: "Its answer is larger than it should be.",
  body_mismatch: "It answers, but not with what is expected.",
};

// the database keeps text, so that a newer version's kinds do not break an older reader
function knownKind(kind: string | null): FaultKind | null {
  return FAULT_KINDS.find((known) => known === kind) ?? null;
}

/** A stored cause, or null when it does not have a cause's shape. */
function toCause(json: unknown): Cause | null {
  if (typeof json !== "object" || json === null) return null;
  const { kind, confidence, summary, evidence } = json as Readonly<Record<string, unknown>>;
  const known = CAUSE_KINDS.find((each) => each === kind);
  if (known === undefined || typeof confidence !== "number" || typeof summary !== "string") return null;
  return {
    kind: known,
    confidence,
    summary,
    // whatever else may stand beside them in the database stays there
    evidence: Array.isArray(evidence)
      ? evidence.filter(isEvidence).map(({ rule, text, weight }) => ({ rule, text, weight }))
      : [],
  };
}

function isEvidence(fact: unknown): fact is CauseEvidence {
  if (typeof fact !== "object" || fact === null) return false;
  const { rule, text, weight } = fact as Readonly<Record<string, unknown>>;
  return typeof rule === "string" && typeof text === "string" && typeof weight === "number";
}

function knownAnswerer(text: string | null): PublicEpisode["answeredBy"] {
  return text === "edge" || text === "origin" ? text : null;
}

function codeOf(outcome: Outcome, httpStatus: number | null): number | null {
  return httpStatus ?? (isGatewayOutcome(outcome) ? GATEWAY_CODES[outcome] : null);
}

/** A stored episode as strangers see it: the evidence itself stays inside. */
export function toPublicEpisode(row: EpisodeRow): PublicEpisode {
  const outcome = outcomeOf(row.outcome);
  return {
    id: row.id,
    componentId: row.componentId,
    component: row.component.name,
    outcome,
    code: codeOf(outcome, row.httpStatus),
    kind: knownKind(row.kind),
    gateway: row.gateway,
    answeredBy: knownAnswerer(row.answeredBy),
    cause: toCause(row.cause),
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    checks: row.checks,
    failures: row.failures,
    regions: row.regions,
  };
}

/** The same with only the strongest reasons of its cause: lists of dozens are sent to phones. */
export function withReasons(episode: PublicEpisode, most: number): PublicEpisode {
  const { cause } = episode;
  if (cause === null || cause.evidence.length <= most) return episode;
  return { ...episode, cause: { ...cause, evidence: cause.evidence.slice(0, most) } };
}

/** One plain sentence on what an episode looks like from outside. */
export function faultSummary(episode: Pick<PublicEpisode, "outcome" | "code" | "gateway" | "kind">): string {
  const { outcome, code, gateway, kind } = episode;
  const said = OUTCOME_SENTENCES[outcome];
  if (said !== undefined) return said;
  const label = isGatewayOutcome(outcome) || code === null ? OUTCOME_LABELS[outcome] : `HTTP ${code}`;
  const who = gateway ?? "The gateway";
  if (kind !== null) return `${who} answers ${label}: ${FAULT_SENTENCES[kind]}.`;
  return gateway === null ? `It answers ${label}.` : `${gateway} answers ${label}.`;
}

/** From this share of good looks on a visitor's next try may well be one. */
const GETS_THROUGH = 0.1;

/** Which of a component's open episodes to tell of: a gateway's answer tells the most, then the newest. */
export function tellingEpisode(open: readonly PublicEpisode[]): PublicEpisode | undefined {
  return open.find(({ outcome }) => isGatewayOutcome(outcome)) ?? open[0];
}

/** What a component fails with now, of its open episodes. */
export function currentFault(
  open: readonly PublicEpisode[],
  forecasts: Forecasts = new Map(),
): CurrentFault | null {
  const episode = tellingEpisode(open);
  if (episode === undefined) return null;
  const { outcome, code, gateway, kind, answeredBy, cause, startedAt, checks, failures } = episode;
  return {
    outcome,
    code,
    gateway,
    kind,
    answeredBy,
    since: startedAt,
    // a cause that is not known says less than what is seen
    summary: cause === null || cause.kind === "unknown" ? faultSummary(episode) : cause.summary,
    cause,
    someGetThrough: checks - failures > checks * GETS_THROUGH,
    forecast: forecasts.get(episode.id) ?? null,
  };
}
