import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Observation, Phase } from "#lib/model/observation.ts";
import { OUTCOMES, type Outcome } from "#lib/model/outcome.ts";
import type { Expectations } from "#lib/model/verdict.ts";

import { answered, failed } from "./observations.ts";

const USUAL: Expectations = { slowMs: null, expectStatus: ["200-299"] };
const outcome = (observation: Observation, expectations: Partial<Expectations> = {}): Outcome =>
  classify(observation, { ...USUAL, ...expectations }).outcome;

const withError = (observation: Observation, code: string, phase: Phase = "body"): Observation => ({
  ...observation,
  phase,
  error: { code, message: "" },
});

const STATUSES: readonly (readonly [number, Outcome])[] = [
  [200, "up"],
  [204, "up"],
  [299, "up"],
  [199, "unexpected_status"],
  [302, "unexpected_status"],
  [304, "unexpected_status"],
  [400, "client_error"],
  [404, "client_error"],
  [429, "client_error"],
  [500, "server_error"],
  [501, "server_error"],
  [502, "bad_gateway"],
  [503, "service_unavailable"],
  [504, "gateway_timeout"],
  [505, "server_error"],
  [522, "server_error"],
];

const FAILURES: readonly (readonly [string, Phase, Outcome])[] = [
  ["ENOTFOUND", "dns", "dns_failure"],
  ["EAI_AGAIN", "dns", "dns_failure"],
  ["ESERVFAIL", "dns", "dns_failure"],
  ["DEADLINE", "dns", "dns_failure"],
  ["ECONNREFUSED", "connect", "connection_refused"],
  ["EHOSTUNREACH", "connect", "connection_refused"],
  ["DEADLINE", "connect", "connect_timeout"],
  ["ETIMEDOUT", "connect", "connect_timeout"],
  ["ECONNRESET", "connect", "connection_reset"],
  ["CERT_HAS_EXPIRED", "tls", "tls_failure"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls", "tls_failure"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls", "tls_failure"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls", "tls_failure"],
  ["EPROTO", "tls", "tls_failure"],
  ["ECONNRESET", "tls", "connection_reset"],
  ["DEADLINE", "tls", "response_timeout"],
  ["DEADLINE", "request", "response_timeout"],
  ["DEADLINE", "first_byte", "response_timeout"],
  ["ETIMEDOUT", "first_byte", "response_timeout"],
  ["CLOSED", "first_byte", "connection_reset"],
  ["ECONNRESET", "first_byte", "connection_reset"],
  ["EPIPE", "request", "connection_reset"],
  ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "first_byte", "tls_failure"],
  ["HPE_INVALID_CONSTANT", "first_byte", "invalid_response"],
  ["HPE_HEADER_OVERFLOW", "first_byte", "invalid_response"],
  ["ABORTED", "first_byte", "unknown"],
  ["STALLED", "connect", "unknown"],
  ["TARGET_INVALID", "dns", "unknown"],
  ["PROBE_FAILED", "connect", "unknown"],
  ["EMFILE", "connect", "unknown"],
  ["EMFILE", "dns", "unknown"],
  ["ENETUNREACH", "connect", "unknown"],
  ["EADDRNOTAVAIL", "connect", "unknown"],
  ["EPERM", "connect", "unknown"],
  ["UNEXPECTED_ANSWER", "body", "body_mismatch"],
  ["CERTIFICATE_EXPIRING", "done", "certificate_expiring"],
  ["CERTIFICATE_EXPIRING", "tls", "certificate_expiring"],
  ["HTTP2_GOAWAY", "first_byte", "connection_reset"],
  ["HTTP2_STREAM_RESET", "body", "connection_reset"],
  ["HTTP2_INVALID", "first_byte", "invalid_response"],
  ["HTTP2_REFUSED", "tls", "tls_failure"],
  ["STARTTLS_REFUSED", "first_byte", "tls_failure"],
  ["ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "tls", "tls_failure"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "first_byte", "tls_failure"],
  ["MISSED", "done", "missed"],
  ["REPORTED_FAILURE", "done", "reported_failure"],
  ["ERR_NEVER_HEARD_OF", "first_byte", "unknown"],
];

describe("outcome", () => {
  test.each(STATUSES)("status %i is %s", (status, expected) => {
    expect(outcome(answered(status))).toBe(expected);
  });

  test.each(FAILURES)("%s while in %s is %s", (code, phase, expected) => {
    expect(outcome(failed(code, phase))).toBe(expected);
  });

  test("every outcome is reached by some observation", () => {
    const reached = new Set<Outcome>([
      ...STATUSES.map(([status]) => outcome(answered(status))),
      ...FAILURES.map(([code, phase]) => outcome(failed(code, phase))),
      outcome(answered(200), { slowMs: 5 }),
      outcome(answered(200, {}, "x", { bodyMatched: false })),
      outcome(answered(200, {}, "x", { bodyCapped: true })),
    ]);
    // only a pool fails in part: tests/unit/classify/pool.test.ts
    expect([...OUTCOMES].filter((known) => !reached.has(known))).toEqual(["partial_failure"]);
  });

  test("a status that is asked for is fine, whatever it is", () => {
    expect(outcome(answered(502), { expectStatus: [502] })).toBe("up");
    expect(outcome(answered(404), { expectStatus: ["200-299", "404"] })).toBe("up");
    expect(outcome(answered(200), { expectStatus: [404] })).toBe("unexpected_status");
  });

  test("slow is an expected answer that took longer than allowed", () => {
    expect(outcome(answered(200), { slowMs: 12 })).toBe("up");
    expect(outcome(answered(200), { slowMs: 11 })).toBe("slow");
    expect(outcome(answered(502), { slowMs: 1 })).toBe("bad_gateway");
    expect(outcome(answered(200, {}, "", { bodyMatched: false }), { slowMs: 1 })).toBe("body_mismatch");
  });

  test("the status outranks trouble with the body; for an expected status the trouble counts", () => {
    expect(outcome(withError(answered(502), "DEADLINE"))).toBe("bad_gateway");
    expect(outcome(withError(answered(504), "CLOSED"))).toBe("gateway_timeout");
    expect(outcome(answered(503, {}, "x", { bodyCapped: true, bodyMatched: false }))).toBe(
      "service_unavailable",
    );
    expect(outcome(withError(answered(200), "DEADLINE"))).toBe("response_timeout");
    expect(outcome(withError(answered(200), "CLOSED"))).toBe("connection_reset");
    expect(outcome(withError(answered(200), "BODY_UNDECODABLE"))).toBe("invalid_response");
    expect(outcome(withError(answered(200), "HPE_INVALID_CHUNK_SIZE"))).toBe("invalid_response");
  });

  test("a body that is too large is told before a keyword that may lie beyond the cap", () => {
    expect(outcome(answered(200, {}, "x", { bodyCapped: true, bodyMatched: false }))).toBe("too_large");
  });

  test.each(["REDIRECT_LOOP", "REDIRECT_LIMIT", "REDIRECT_INVALID"])("%s is an unexpected status", (code) => {
    expect(outcome(withError(answered(302), code))).toBe("unexpected_status");
  });

  test("a probe that was ended says nothing, even when a status had come", () => {
    expect(outcome(withError(answered(502), "ABORTED"))).toBe("unknown");
  });

  test("a kind without HTTP is up when nothing failed", () => {
    const tcp: Observation = { ...answered(0), http: null };
    expect(outcome(tcp)).toBe("up");
    expect(outcome(tcp, { slowMs: 5 })).toBe("slow");
  });
});
