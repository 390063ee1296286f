/**
 * What one probe came to. The position in this array is the code stored in the database
 * (results.outcome, rollup arrays): append only, never reorder.
 */
export const OUTCOMES = [
  "up",
  "slow",
  "bad_gateway", // 502
  "service_unavailable", // 503
  "gateway_timeout", // 504
  "server_error", // any other 5xx
  "client_error", // 4xx
  "unexpected_status", // 1xx to 3xx that was not asked for, or a redirect loop
  "body_mismatch",
  "dns_failure",
  "connection_refused",
  "connect_timeout",
  "tls_failure",
  "connection_reset",
  "response_timeout",
  "invalid_response", // what an HTTP parser rejects
  "too_large", // more bytes than the cap
  "unknown", // we could not look
  "partial_failure", // some members of a pool fail, and with them a share of all requests
  "certificate_expiring", // fine, and about to expire
  "missed", // the job did not call in time
  "reported_failure", // it says itself that it cannot serve
] as const;

export type Outcome = (typeof OUTCOMES)[number];

const CODES: ReadonlyMap<Outcome, number> = new Map(OUTCOMES.map((outcome, code) => [outcome, code]));

/** The stored code of an outcome: its place in the array. */
export function outcomeCode(outcome: Outcome): number {
  return CODES.get(outcome) ?? OUTCOMES.indexOf("unknown");
}

/** The outcome of a stored code; a code from a newer version reads as unknown. */
export function outcomeOf(code: number): Outcome {
  return OUTCOMES[code] ?? "unknown";
}

/** What a check is believed to be, best to worst, and "cannot say". `partial`: some requests fail. */
export const HEALTHS = ["up", "slow", "partial", "down", "unknown"] as const;
export type Health = (typeof HEALTHS)[number];

/** The health that an outcome speaks for. */
export function healthOf(outcome: Outcome): Health {
  if (outcome === "up" || outcome === "slow" || outcome === "unknown") return outcome;
  // the team is warned; for visitors nothing is wrong yet
  if (outcome === "certificate_expiring") return "up";
  return outcome === "partial_failure" ? "partial" : "down";
}

/** True for a health in which requests fail: what episodes are made of. */
export function isFailing(health: Health): boolean {
  return health === "down" || health === "partial";
}

/** True for an outcome that leaves evidence behind: failures, and what the team is warned of. */
export function leavesEvidence(outcome: Outcome): boolean {
  return isFailing(healthOf(outcome)) || outcome === "certificate_expiring";
}

/** Stored codes of all outcomes that are failures. */
export const FAILURE_CODES: readonly number[] = OUTCOMES.flatMap((outcome, code) =>
  isFailing(healthOf(outcome)) ? [code] : [],
);

/** Outcomes that are an HTTP gateway's own answer, with the status code they stand for. */
export const GATEWAY_CODES = { bad_gateway: 502, service_unavailable: 503, gateway_timeout: 504 } as const;
export type GatewayOutcome = keyof typeof GATEWAY_CODES;

/** True for 502, 503 and 504. */
export function isGatewayOutcome(outcome: Outcome): outcome is GatewayOutcome {
  return outcome in GATEWAY_CODES;
}

/** Short words for people, e.g. in a list of episodes. */
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  up: "Up",
  slow: "Slow",
  bad_gateway: "502 Bad Gateway",
  service_unavailable: "503 Service Unavailable",
  gateway_timeout: "504 Gateway Timeout",
  server_error: "Server error",
  client_error: "Client error",
  unexpected_status: "Unexpected status",
  body_mismatch: "Unexpected content",
  dns_failure: "Name not resolved",
  connection_refused: "Connection refused",
  connect_timeout: "Connection timed out",
  tls_failure: "TLS failure",
  connection_reset: "Connection reset",
  response_timeout: "No answer in time",
  invalid_response: "Invalid response",
  too_large: "Response too large",
  unknown: "Not known",
  partial_failure: "Part of the pool fails",
  certificate_expiring: "Certificate expires soon",
  missed: "No sign of life",
  reported_failure: "Reports a failure",
};
