/**
 * Codes of our own, beside those of Node, OpenSSL and the HTTP parser. The classifier tells by
 * them whether the target failed or whether we could not look.
 */
export const PROBE_CODES = {
  /** The caller ended the probe. */
  aborted: "ABORTED",
  /** The check's time was over; the phase says what for. */
  deadline: "DEADLINE",
  /** This machine stood still for so long that the result says nothing about the target. */
  stalled: "STALLED",
  /** The stored target does not fit its kind's schema. */
  targetInvalid: "TARGET_INVALID",
  /** A defect in the probe itself. */
  probeFailed: "PROBE_FAILED",
  /** The other side closed the connection in order before a whole answer had come. */
  closed: "CLOSED",
  redirectLoop: "REDIRECT_LOOP",
  redirectLimit: "REDIRECT_LIMIT",
  redirectInvalid: "REDIRECT_INVALID",
  /** The body is not what its content-encoding says. */
  bodyUndecodable: "BODY_UNDECODABLE",
  /** HTTP/2 was asked for, and the server does not speak it. */
  http2Refused: "HTTP2_REFUSED",
  /** The server ended an HTTP/2 connection before it had answered. */
  http2Goaway: "HTTP2_GOAWAY",
  /** The server reset the one request, and kept the HTTP/2 connection. */
  http2StreamReset: "HTTP2_STREAM_RESET",
  /** What came back is not valid HTTP/2. */
  http2Invalid: "HTTP2_INVALID",
  /** The server does not go over to TLS when asked to. */
  startTlsRefused: "STARTTLS_REFUSED",
  /** It answered, with something else than the check expects. */
  unexpectedAnswer: "UNEXPECTED_ANSWER",
  /** Fine, and the certificate runs out within the check's warning time. */
  certificateExpiring: "CERTIFICATE_EXPIRING",
  /** A job that was to call has not. */
  missed: "MISSED",
  /** It says itself that it cannot serve. */
  reportedFailure: "REPORTED_FAILURE",
} as const;

/** Ends a probe with a code; what it knew by then goes into the observation. */
export class ProbeFailure extends Error {
  override readonly name = "ProbeFailure";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

// of several addresses that failed, the answer that says most about the target comes first;
// what only says that this machine lacks a route (often IPv6) comes last
const TELLING = ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"];

/** Code and message of whatever a socket, the parser or TLS came up with. */
export function toFailure(error: unknown): ProbeFailure {
  if (error instanceof ProbeFailure) return error;
  if (error instanceof AggregateError && error.errors.length > 0) return toFailure(mostTelling(error.errors));
  if (!(error instanceof Error)) return new ProbeFailure(PROBE_CODES.probeFailed, String(error));
  const code = codeOf(error);
  // Node's words for an orderly close; a reset has the same code but names the system call
  if (code === "ECONNRESET" && !("syscall" in error)) {
    return new ProbeFailure(PROBE_CODES.closed, "the connection was closed before a whole answer had come");
  }
  // OpenSSL's own message carries addresses and source lines; its reason is the readable part
  const message = "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
  return new ProbeFailure(code ?? PROBE_CODES.probeFailed, message);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

function mostTelling(errors: readonly unknown[]): unknown {
  return errors.toSorted((a, b) => rank(a) - rank(b))[0];
}

function rank(error: unknown): number {
  const index = TELLING.indexOf(codeOf(error) ?? "");
  return index < 0 ? TELLING.length : index;
}
