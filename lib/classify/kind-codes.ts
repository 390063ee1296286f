import type { Observation } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";

import { duration, span } from "./duration.ts";

/** What a probe's own error code means, in one place: the outcome, and the sentence for the log. */
interface KindCode {
  readonly outcome: Outcome;
  /** Numbers and fixed words only, as everywhere in lib/classify/summary.ts. */
  readonly sentence: (observation: Observation) => string;
}

function fixed(outcome: Outcome, sentence: string): KindCode {
  return { outcome, sentence: () => sentence };
}

function timed(outcome: Outcome, sentence: (after: string) => string): KindCode {
  return { outcome, sentence: ({ timings }) => sentence(duration(timings.total)) };
}

/** A number among the details; 0 when it is missing. */
function numberOf({ details }: Observation, name: string): number {
  const value = details?.[name];
  return typeof value === "number" ? value : 0;
}

const DNS: Readonly<Record<string, KindCode>> = {
  DNS_NXDOMAIN: fixed("dns_failure", "The name does not exist (NXDOMAIN)."),
  DNS_SERVFAIL: fixed(
    "dns_failure",
    "The resolver could not find out (SERVFAIL): the name's own servers do not answer, or DNSSEC fails.",
  ),
  DNS_REFUSED: fixed("dns_failure", "The resolver refuses to answer us (REFUSED)."),
  DNS_NODATA: fixed("dns_failure", "The name exists, but has no record of the type asked for."),
  DNS_ERROR: fixed("dns_failure", "The resolver answers with an error."),
  DNS_TIMEOUT: timed("dns_failure", (after) => `No answer from the resolver within ${after}.`),
  DNS_UNREACHABLE: fixed("dns_failure", "No resolver listens at the address that is asked."),
  DNS_MALFORMED: fixed("invalid_response", "What the resolver answers cannot be read."),
  DNS_UNEXPECTED: fixed("body_mismatch", "The name resolves, but not to what the check expects."),
};

const WEBSOCKET: Readonly<Record<string, KindCode>> = {
  WS_HANDSHAKE: fixed("invalid_response", "The WebSocket handshake failed: the answer is not a valid one."),
  WS_SUBPROTOCOL: fixed("body_mismatch", "Connected, but the server does not agree to the subprotocol."),
  WS_PROTOCOL: fixed(
    "invalid_response",
    "What the server sends after the handshake breaks the WebSocket protocol.",
  ),
  WS_CLOSED: {
    outcome: "connection_reset",
    sentence: (seen) =>
      `The server closed the WebSocket (code ${numberOf(seen, "closeCode")}) before the expected message came.`,
  },
  WS_UNEXPECTED: {
    outcome: "body_mismatch",
    sentence: (seen) =>
      `Messages came (${numberOf(seen, "messages")}), but none with the expected text within ${duration(seen.timings.total)}.`,
  },
};

/** Health that the server reports, and gRPC statuses (grpc/doc/statuscodes.md) of a call that failed. */
const GRPC: Readonly<Record<string, KindCode>> = {
  GRPC_NOT_SERVING: fixed("reported_failure", "The service reports that it is not serving."),
  GRPC_HEALTH_UNKNOWN: fixed("reported_failure", "The service reports that it does not know how it is."),
  GRPC_SERVICE_UNKNOWN: fixed("body_mismatch", "The server does not know the service that the check names."),
  GRPC_NOT_FOUND: fixed(
    "body_mismatch",
    "The server does not know the service that the check names (NOT_FOUND).",
  ),
  GRPC_UNIMPLEMENTED: fixed(
    "body_mismatch",
    "The server does not offer the standard health service (UNIMPLEMENTED).",
  ),
  GRPC_UNAVAILABLE: fixed("reported_failure", "The call failed: the service is not available (UNAVAILABLE)."),
  GRPC_RESOURCE_EXHAUSTED: fixed(
    "reported_failure",
    "The call failed: the server has no room for it (RESOURCE_EXHAUSTED).",
  ),
  GRPC_DEADLINE_EXCEEDED: timed(
    "response_timeout",
    (after) => `The server gave the call up after ${after} (DEADLINE_EXCEEDED).`,
  ),
  GRPC_UNAUTHENTICATED: fixed("client_error", "The server asks for credentials (UNAUTHENTICATED)."),
  GRPC_PERMISSION_DENIED: fixed("client_error", "The server does not permit the call (PERMISSION_DENIED)."),
  GRPC_INVALID_ARGUMENT: fixed("client_error", "The server does not accept the request (INVALID_ARGUMENT)."),
  GRPC_FAILED_PRECONDITION: fixed("client_error", "The server refuses the call (FAILED_PRECONDITION)."),
  GRPC_OUT_OF_RANGE: fixed("client_error", "The server refuses the call (OUT_OF_RANGE)."),
  GRPC_ALREADY_EXISTS: fixed("client_error", "The server refuses the call (ALREADY_EXISTS)."),
  GRPC_INTERNAL: fixed("server_error", "The call failed inside the server (INTERNAL)."),
  GRPC_UNKNOWN: fixed("server_error", "The call failed inside the server (UNKNOWN)."),
  GRPC_DATA_LOSS: fixed("server_error", "The call failed inside the server (DATA_LOSS)."),
  GRPC_ABORTED: fixed("server_error", "The server ended the call (ABORTED)."),
  GRPC_CANCELLED: fixed("server_error", "The server cancelled the call (CANCELLED)."),
  GRPC_NO_HTTP2: fixed("invalid_response", "The server does not speak HTTP/2, which gRPC needs."),
  GRPC_NOT_GRPC: fixed("invalid_response", "Something answers, but it is not a gRPC health service."),
  GRPC_STREAM_RESET: timed(
    "connection_reset",
    (after) => `The call was reset after ${after}, before a whole answer had come.`,
  ),
};

const ICMP: Readonly<Record<string, KindCode>> = {
  ICMP_NO_REPLY: timed(
    "connect_timeout",
    (after) => `No echo reply within ${after}: the host is off, or a firewall drops echo requests.`,
  ),
  ICMP_LOSS: {
    outcome: "response_timeout",
    sentence: (seen) => {
      const [sent, received] = [numberOf(seen, "sent"), numberOf(seen, "received")];
      return `${sent - received} of ${sent} echo requests got no reply (${numberOf(seen, "lossPercent")} %), more than the check allows.`;
    },
  },
  ICMP_FILTERED: fixed(
    "connection_refused",
    "A firewall on the way answered that it does not let echo requests through.",
  ),
  ICMP_NOT_ALLOWED: fixed(
    "unknown",
    "This system does not let Gatewatch send echo requests: give ping the capability cap_net_raw, or open net.ipv4.ping_group_range.",
  ),
  ICMP_UNAVAILABLE: fixed(
    "unknown",
    "There is no usable ping program on this machine: install it (Debian and Ubuntu: apt-get install iputils-ping).",
  ),
};

const PUSH: Readonly<Record<string, KindCode>> = {
  MISSED: {
    outcome: "missed",
    sentence: (seen) => {
      const [silent, every, grace] = ["silentMs", "everyMs", "graceMs"].map((name) =>
        span(numberOf(seen, name)),
      );
      return `The job has not called for ${silent}. Expected: every ${every}, at most ${grace} late.`;
    },
  },
  REPORTED_FAILURE: {
    outcome: "reported_failure",
    sentence: (seen) => `The job itself reported a failure ${span(numberOf(seen, "silentMs"))} ago.`,
  },
  PUSH_AWAITING: fixed("unknown", "The job has not called yet, and its first call is not due."),
  PUSH_UNREADABLE: fixed(
    "unknown",
    "The job's calls cannot be read from here: only a worker with the database can judge this check.",
  ),
};

/** Codes of the kinds other than `http`, by code. */
export const KIND_CODES: Readonly<Record<string, KindCode>> = {
  ...DNS,
  ...WEBSOCKET,
  ...GRPC,
  ...ICMP,
  ...PUSH,
};
