import { STATUS_CODES } from "node:http";

import type { HttpObservation, Observation, Phase } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Expectations, FaultKind, Verdict } from "#lib/model/verdict.ts";

import { duration } from "./duration.ts";
import { KIND_CODES } from "./kind-codes.ts";
import type { RoundTimeout } from "./round-timeouts.ts";

export interface Facts {
  readonly observation: Observation;
  readonly expectations: Expectations;
  readonly outcome: Outcome;
  /** What the answer shows of the way it came; null without one. */
  readonly seen: Pick<Verdict, "gateway" | "kind" | "answeredBy" | "hops" | "kinds"> | null;
  readonly round: RoundTimeout | null;
}

/**
 * One sentence for the person who reads the log. It is put together from numbers and fixed words:
 * no addresses, URLs, headers or bodies, so nothing secret can get into it.
 */
export function summarise(facts: Facts): string {
  const { error, http } = facts.observation;
  const told = error === null ? undefined : KIND_CODES[error.code];
  if (told?.outcome === facts.outcome) return told.sentence(facts.observation);
  if (facts.outcome === "unknown") return unknownSentence(facts.observation);
  if (http !== null && facts.outcome !== "up" && facts.outcome !== "slow") return httpSentence(facts, http);
  return SENTENCES[facts.outcome]?.(facts) ?? "The check failed.";
}

const UPSTREAM: Readonly<Record<FaultKind, string>> = {
  upstream_refused: "the server behind it refused the connection",
  upstream_closed_early: "the server behind it closed the connection before it had answered",
  upstream_reset: "the server behind it reset the connection",
  upstream_invalid_response: "the server behind it sent something that is not a valid answer",
  upstream_header_too_big: "the server behind it sent a header that is too big",
  upstream_tls_failure: "no TLS connection to the server behind it could be made",
  upstream_name_not_found: "the name of the server behind it could not be resolved",
  no_live_upstream: "none of the servers behind it is available",
  upstream_connect_timeout: "no connection to the server behind it could be made in time",
  upstream_response_timeout: "the server behind it did not answer in time",
};

const GATEWAY_MEANING: Partial<Record<Outcome, string>> = {
  bad_gateway: "it could not get a valid answer from the server behind it",
  service_unavailable: "it cannot serve requests for the moment",
  gateway_timeout: "the server behind it did not answer in time",
};

function status(http: HttpObservation): string {
  const words = STATUS_CODES[http.status];
  return words === undefined ? String(http.status) : `${http.status} ${words}`;
}

function httpSentence({ observation, outcome, seen, round }: Facts, http: HttpObservation): string {
  const gateway = seen?.gateway ?? null;
  const after = `after ${duration(observation.timings.total)}${limitOf(round, gateway)}`;
  const who = whoAnswered(seen);
  const answered = `${who} answered ${status(http)} ${after}`;
  const problem = BODY_PROBLEMS[outcome];
  if (problem !== undefined) return `${answered}, but ${problem(http)}.`;
  if (outcome === "unexpected_status") return unexpected(observation, http, answered);
  const meaning = meaningOf(outcome, seen);
  return meaning === undefined ? `${answered}.` : `${answered}: ${meaning}.`;
}

/** "nginx behind Cloudflare"; without a gateway "The server". */
function whoAnswered(seen: Facts["seen"]): string {
  if (seen === null || seen.gateway === null) return "The server";
  const outermost = seen.hops?.[0];
  const behind = seen.answeredBy === "origin" && outermost !== undefined && outermost !== seen.gateway;
  return behind ? `${seen.gateway} behind ${outermost}` : seen.gateway;
}

function meaningOf(outcome: Outcome, seen: Facts["seen"]): string | undefined {
  const kind = seen?.kind ?? null;
  if (kind !== null) return UPSTREAM[kind];
  const kinds = seen?.kinds ?? [];
  // a longer list says no more than the status does
  if (kinds.length === 0 || kinds.length > 4) return GATEWAY_MEANING[outcome];
  return `the server behind it ${listOf(kinds.map((open) => OPEN[open]))}`;
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function limitOf(round: RoundTimeout | null, gateway: string | null): string {
  if (round === null) return "";
  const whose = gateway !== null && gateway in round.of ? `${gateway}'s` : "a gateway's";
  return ` (${round.seconds} s is ${whose} usual limit)`;
}

const OPEN: Readonly<Record<FaultKind, string>> = {
  upstream_refused: "refused the connection",
  upstream_closed_early: "closed the connection early",
  upstream_reset: "reset the connection",
  upstream_invalid_response: "sent no valid answer",
  upstream_header_too_big: "sent too big a header",
  upstream_tls_failure: "failed in TLS",
  upstream_name_not_found: "has a name that could not be resolved",
  no_live_upstream: "was left out as not available",
  upstream_connect_timeout: "could not be connected to in time",
  upstream_response_timeout: "did not answer in time",
};

const BODY_PROBLEMS: Partial<Record<Outcome, (http: HttpObservation) => string>> = {
  body_mismatch: () => "the body is not as expected",
  too_large: (http) =>
    `the body is larger than the ${http.bodyBytes.toLocaleString("en")} bytes that are read`,
  response_timeout: (http) =>
    `the body was not complete in time (${http.bodyBytes.toLocaleString("en")} bytes came)`,
  connection_reset: (http) =>
    `the connection was closed in the middle of the body (${http.bodyBytes.toLocaleString("en")} bytes came)`,
  invalid_response: () => "the body cannot be read: it is not what its headers say",
  tls_failure: () => "TLS failed in the middle of the body",
};

function unexpected(observation: Observation, http: HttpObservation, answered: string): string {
  switch (observation.error?.code) {
    case "REDIRECT_LOOP":
      return `The redirects go in a circle (${status(http)}, ${http.redirects + 1} followed).`;
    case "REDIRECT_LIMIT":
      return `Still redirected after ${http.redirects} redirects (${status(http)}).`;
    case "REDIRECT_INVALID":
      return `${answered} with a location that cannot be requested.`;
    default:
      return `${answered}, which is not a status that the check expects.`;
  }
}

const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "comes from an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "comes with an incomplete chain",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "comes with an incomplete chain or from an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "comes with an incomplete chain or from an authority that is not trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name",
  CERT_REVOKED: "has been revoked",
};

/** What else can go wrong with TLS, as far as there are better words for it than OpenSSL's code. */
const TLS_PROBLEM: Readonly<Record<string, string>> = {
  HTTP2_REFUSED: "The server does not offer HTTP/2, which the check requires.",
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: "The server does not offer HTTP/2, which the check requires.",
  STARTTLS_REFUSED: "The server does not go over to TLS when it is asked to.",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION:
    "The server speaks no version of TLS that is new enough for the check.",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "The server speaks no version of TLS that is new enough for the check.",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "The server asks for a client certificate, and got none.",
};

function tlsSentence({ observation }: Facts): string {
  const code = observation.error?.code ?? "";
  const words = TLS_PROBLEM[code];
  if (words !== undefined) return words;
  const problem = CERTIFICATE[code];
  if (problem === undefined) return `The TLS handshake failed (${code}).`;
  const until = observation.certificate?.validTo.slice(0, 10);
  const date = code === "CERT_HAS_EXPIRED" && until !== undefined ? ` on ${until}` : "";
  return `The certificate ${problem}${date}.`;
}

const WAITED_FOR: Readonly<Record<Phase, string>> = {
  dns: "the name",
  connect: "a connection",
  tls: "the TLS handshake",
  request: "the request to be taken",
  first_byte: "the first byte of an answer",
  body: "the rest of the answer",
  done: "the end",
};

const HTTP2_END: Readonly<Record<string, string>> = {
  HTTP2_GOAWAY: "The server ended the HTTP/2 connection (GOAWAY) before it had answered.",
  HTTP2_STREAM_RESET: "The server reset the request (HTTP/2 RST_STREAM) before it had answered.",
};

/** The days are those of the certificate of the chain that ends first, the date is the server's own. */
function expiringSentence(days: unknown, validTo: string | undefined): string {
  if (typeof days !== "number") return "All is well, but a certificate expires soon.";
  const left = days < 1 ? "in less than a day" : `in ${days} ${days === 1 ? "day" : "days"}`;
  const own = validTo === undefined ? "" : ` The server's own ends on ${validTo.slice(0, 10)}.`;
  return `All is well, but a certificate of the chain expires ${left}.${own}`;
}

const SENTENCES: Partial<Record<Outcome, (facts: Facts) => string>> = {
  up: ({ observation: { http, timings } }) =>
    `Answered${http === null ? "" : ` ${status(http)}`} after ${duration(timings.total)}.`,
  slow: ({ observation: { http, timings }, expectations: { slowMs } }) =>
    `Answered${http === null ? "" : ` ${status(http)}`} after ${duration(timings.total)}, slower than the ${duration(slowMs ?? 0)} that are allowed.`,
  dns_failure: ({ observation: { error, timings } }) =>
    error?.code === "ENOTFOUND"
      ? "The name does not exist or has no address."
      : `The name could not be resolved (${error?.code ?? "no answer"}) within ${duration(timings.total)}.`,
  connection_refused: ({ observation: { error, timings } }) =>
    error?.code === "ECONNREFUSED"
      ? `The connection was refused after ${duration(timings.total)}: nothing listens on that port, or a firewall rejects.`
      : `The host cannot be reached: a router answered for it after ${duration(timings.total)} (${error?.code ?? ""}).`,
  connect_timeout: ({ observation: { timings } }) =>
    `No connection within ${duration(timings.total)}: the host is off, overloaded, or a firewall drops packets.`,
  tls_failure: tlsSentence,
  connection_reset: ({ observation: { error, phase, timings }, round }) =>
    HTTP2_END[error?.code ?? ""] ??
    `The connection was ${error?.code === "CLOSED" ? "closed" : "reset"} after ${duration(timings.total)}${limitOf(round, null)}, while waiting for ${WAITED_FOR[phase]}.`,
  response_timeout: ({ observation: { phase, timings } }) =>
    `Connected, but no answer within ${duration(timings.total)}: gave up waiting for ${WAITED_FOR[phase]}.`,
  invalid_response: ({ observation: { error } }) =>
    error?.code === "HPE_HEADER_OVERFLOW"
      ? "The answer's header is larger than any client accepts (16 KB)."
      : error?.code === "HTTP2_INVALID"
        ? "What came back is not valid HTTP/2."
        : `What came back is not valid HTTP (${error?.code ?? ""}).`,
  body_mismatch: ({ observation: { timings } }) =>
    `It answered after ${duration(timings.total)}, with something else than the check expects.`,
  certificate_expiring: ({ observation: { details, certificate } }) =>
    expiringSentence(details?.["daysLeft"], certificate?.validTo),
};

function unknownSentence({ error, timings }: Observation): string {
  switch (error?.code) {
    case "ABORTED":
      return `The probe was ended after ${duration(timings.total)}, before there was a result.`;
    case "STALLED":
      return "This machine stood still during the probe, so the result says nothing about the target.";
    case "TARGET_INVALID":
      return "The check could not be carried out: its target is not valid. Open the check and correct it.";
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "ENETDOWN":
      return `This machine has no route to the target (${error.code}).`;
    case "EACCES":
    case "EPERM":
      return `This machine does not allow the connection (${error.code}): a local packet filter or sandbox forbids it.`;
    default:
      return `The check could not be carried out from here (${error?.code ?? "no reason given"}).`;
  }
}
