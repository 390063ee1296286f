import { matchesStatus } from "#lib/model/http-status.ts";
import type { HttpObservation, Observation, Phase, ProbeError } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Expectations } from "#lib/model/verdict.ts";

import { KIND_CODES } from "./kind-codes.ts";

/**
 * Codes that say that we could not look, and nothing of the target:
 * - ours (lib/probe/failure.ts): ended by the caller, machine stood still, target unreadable, defect
 * - no descriptors, memory, buffers or local ports left
 * - EACCES, EPERM: a packet filter of this very machine forbids the connection
 * - ENETUNREACH, EADDRNOTAVAIL: this machine has no route or address of that family
 *
 * A name that cannot be looked up for now (EAI_AGAIN) is not among them: a zone whose servers fail
 * looks exactly so. That a whole region cannot resolve anything is for the blindness test to find.
 */
const OWN_TROUBLE = new Set([
  "ABORTED",
  "STALLED",
  "TARGET_INVALID",
  "PROBE_FAILED",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "ENOBUFS",
  "EAI_MEMORY",
  "EAI_SYSTEM",
  "EACCES",
  "EPERM",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "EAFNOSUPPORT",
]);

const REDIRECTS = new Set(["REDIRECT_LOOP", "REDIRECT_LIMIT", "REDIRECT_INVALID"]);
const CLOSED = new Set([
  "CLOSED",
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  // HTTP/2's own ways to end a connection or one request on it
  "HTTP2_GOAWAY",
  "HTTP2_STREAM_RESET",
]);
// a host that cannot be reached was answered for by its last router: somebody said no, as with a refusal
const REFUSED = new Set(["ECONNREFUSED", "EHOSTUNREACH", "EHOSTDOWN"]);
const TIMED_OUT = new Set(["DEADLINE", "ETIMEDOUT"]);

/** What one probe came to. Every observation has exactly one outcome. */
export function outcomeFor(observation: Observation, expectations: Expectations): Outcome {
  const { error, http } = observation;
  if (error !== null && OWN_TROUBLE.has(error.code)) return "unknown";
  if (http !== null) return httpOutcome(observation, http, expectations);
  if (error !== null) return failureOutcome(error, observation.phase);
  return isSlow(observation, expectations) ? "slow" : "up";
}

/** True when it took longer than the check allows. */
export function isSlow(observation: Observation, { slowMs }: Expectations): boolean {
  return slowMs !== null && observation.timings.total > slowMs;
}

function httpOutcome(observation: Observation, http: HttpObservation, expectations: Expectations): Outcome {
  const { error } = observation;
  if (error !== null && REDIRECTS.has(error.code)) return "unexpected_status";
  // the status comes first: a 502 stays a 502 whatever happens to its body
  if (!matchesStatus(expectations.expectStatus, http.status)) return statusOutcome(http.status);
  if (error !== null) return failureOutcome(error, observation.phase);
  if (http.bodyCapped) return "too_large";
  if (http.bodyMatched === false) return "body_mismatch";
  return isSlow(observation, expectations) ? "slow" : "up";
}

function statusOutcome(status: number): Outcome {
  if (status === 502) return "bad_gateway";
  if (status === 503) return "service_unavailable";
  if (status === 504) return "gateway_timeout";
  if (status >= 500 && status < 600) return "server_error";
  if (status >= 400 && status < 500) return "client_error";
  return "unexpected_status";
}

/** Codes of ours that stand for one outcome, wherever they come up (lib/probe/failure.ts). */
const TOLD: Readonly<Record<string, Outcome>> = {
  UNEXPECTED_ANSWER: "body_mismatch",
  CERTIFICATE_EXPIRING: "certificate_expiring",
  MISSED: "missed",
  REPORTED_FAILURE: "reported_failure",
  HTTP2_INVALID: "invalid_response",
  HTTP2_REFUSED: "tls_failure",
  STARTTLS_REFUSED: "tls_failure",
};

function failureOutcome(error: ProbeError, phase: Phase): Outcome {
  const told = TOLD[error.code] ?? KIND_CODES[error.code]?.outcome;
  if (told !== undefined) return told;
  if (TIMED_OUT.has(error.code)) {
    if (phase === "dns") return "dns_failure";
    // a handshake without an answer counts below: TCP was accepted, the server keeps silent
    return phase === "connect" ? "connect_timeout" : "response_timeout";
  }
  if (phase === "dns") return "dns_failure";
  if (REFUSED.has(error.code)) return "connection_refused";
  if (CLOSED.has(error.code)) return "connection_reset";
  if (phase === "tls") return "tls_failure";
  if (error.code.startsWith("HPE_") || error.code === "BODY_UNDECODABLE") return "invalid_response";
  // TLS that breaks after the handshake, e.g. a record that does not decrypt
  if (error.code.startsWith("ERR_SSL_") || error.code === "EPROTO") return "tls_failure";
  // a code that nobody foresaw proves nothing about the target
  return "unknown";
}
