/** The words of the public pages that more than one component needs. */
import type { IndicatorLevel, CurrentFault, PublicComponent, PublicEpisode } from "#lib/public/types.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { ComponentStatus, Impact, IncidentStatus, MaintenanceStatus } from "#lib/model/status.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import type { DayLetter } from "./bar-paths.ts";
import { formatList, formatUptime, plural } from "./format.ts";

export const DAY_WORDS: Readonly<Record<DayLetter, string>> = {
  o: "Operational",
  d: "Degraded performance",
  p: "Partial outage",
  m: "Major outage",
  w: "Maintenance",
  "-": "No data",
};

export const UPDATE_WORDS: Readonly<Record<IncidentStatus | MaintenanceStatus, string>> = {
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
  postmortem: "Postmortem",
  scheduled: "Scheduled",
  in_progress: "In progress",
  verifying: "Verifying",
  completed: "Completed",
};

export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  none: "No impact",
  minor: "Minor impact",
  major: "Major impact",
  critical: "Critical impact",
};

/** The status whose colour and shape an impact or a banner borrows. */
export const IMPACT_STATUS: Readonly<Record<Impact, ComponentStatus>> = {
  none: "operational",
  minor: "degraded_performance",
  major: "partial_outage",
  critical: "major_outage",
};

export const LEVEL_STATUS: Readonly<Record<IndicatorLevel, ComponentStatus>> = {
  none: "operational",
  minor: "degraded_performance",
  major: "partial_outage",
  critical: "major_outage",
  maintenance: "under_maintenance",
  unknown: "unknown",
};

export const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  upstream_refused: "the server behind it refuses connections",
  upstream_closed_early: "the server behind it hangs up before it answers",
  upstream_reset: "the server behind it breaks the connection off",
  upstream_invalid_response: "the server behind it answers with something that is not HTTP",
  upstream_header_too_big: "the server behind it sends a header that is too big",
  upstream_tls_failure: "it cannot make a secure connection to the server behind it",
  upstream_name_not_found: "it cannot find the server behind it by its name",
  no_live_upstream: "no server behind it is alive",
  upstream_connect_timeout: "it cannot reach the server behind it in time",
  upstream_response_timeout: "the server behind it does not answer in time",
};

/** What a gateway's code means when nothing more is known. */
const CODE_WORDS: Readonly<Partial<Record<Outcome, string>>> = {
  bad_gateway: "it gets no valid answer from the server behind it",
  service_unavailable: "there is no server that can take the request now",
  gateway_timeout: FAULT_WORDS.upstream_response_timeout,
};

const ANSWERS: Readonly<Record<Outcome, string>> = {
  up: "answers again",
  slow: "answers slowly",
  bad_gateway: "answers 502 Bad Gateway",
  service_unavailable: "answers 503 Service Unavailable",
  gateway_timeout: "answers 504 Gateway Timeout",
  server_error: "answers with a server error",
  client_error: "answers with a client error",
  unexpected_status: "answers with an unexpected status",
  body_mismatch: "answers with unexpected content",
  dns_failure: "cannot be found: its name does not resolve",
  connection_refused: "refuses connections",
  connect_timeout: "cannot be reached in time",
  tls_failure: "cannot be reached safely: TLS fails",
  connection_reset: "resets connections",
  response_timeout: "does not answer in time",
  invalid_response: "answers with something that is not HTTP",
  too_large: "answers with more than expected",
  unknown: "could not be looked at",
  partial_failure: "fails for a part of all requests",
  certificate_expiring: "shows a certificate that expires soon",
  missed: "has not called in time",
  reported_failure: "reports that it fails",
};

/**
 * "nginx answers 502 Bad Gateway", to be followed by "since …".
 * @param subject who answers when no gateway was recognised
 */
export function faultPhrase(fault: CurrentFault, subject = "It"): string {
  const withCode =
    fault.code !== null && (fault.outcome === "server_error" || fault.outcome === "client_error")
      ? `answers ${fault.code}`
      : ANSWERS[fault.outcome];
  return `${fault.gateway ?? subject} ${withCode}`.trimStart();
}

/** Of a failure that does not meet everybody. */
export const SOME_GET_THROUGH = "Some requests get through.";

/** The same as a sentence, with what it means: for where there is room. */
export function faultSentence(fault: CurrentFault): string {
  const meaning = fault.kind === null ? CODE_WORDS[fault.outcome] : FAULT_WORDS[fault.kind];
  const phrase = faultPhrase(fault);
  const sentence = meaning === undefined ? `${phrase}.` : `${phrase}: ${meaning}.`;
  return fault.someGetThrough ? `${sentence} ${SOME_GET_THROUGH}` : sentence;
}

/** Whose answer it is, as a sentence; null when that is not known. */
export function answererWords({
  gateway,
  answeredBy,
}: Pick<PublicEpisode, "gateway" | "answeredBy">): string | null {
  if (answeredBy === null) return null;
  if (answeredBy === "edge") return `${gateway ?? "The gateway"} makes this answer itself, at the edge.`;
  return `The answer comes from ${gateway === null ? "" : `${gateway} `}behind the edge, which passes it on.`;
}

/** With a capital letter. */
export function upper(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What a row of days says, for those who do not see it. */
export function barSummary(component: Pick<PublicComponent, "days" | "uptime">): string {
  const seen = new Map<string, number>();
  for (const letter of component.days) seen.set(letter, (seen.get(letter) ?? 0) + 1);
  const parts = (
    [
      ["m", "with a major outage"],
      ["p", "with a partial outage"],
      ["d", "with degraded performance"],
      ["w", "with maintenance"],
      ["-", "without data"],
    ] as const
  ).flatMap(([letter, words]) => {
    const days = seen.get(letter) ?? 0;
    return days === 0 ? [] : [`${plural(days, "day")} ${words}`];
  });
  const days = parts.length === 0 ? "every day was fine" : formatList(parts);
  return `Last ${component.days.length} days: ${days}. Uptime ${formatUptime(component.uptime)}.`;
}
