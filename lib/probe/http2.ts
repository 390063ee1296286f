import {
  connect as connectSession,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders as Http2Headers,
  type IncomingHttpStatusHeader,
} from "node:http2";
import type { Socket } from "node:net";

import type { Attempt } from "./attempt.ts";
import { PROBE_CODES, ProbeFailure } from "./failure.ts";
import type { Answer } from "./http-answer.ts";
import type { Step } from "./http-plan.ts";

/** Begins HTTP/2 on an open connection, by prior knowledge or after ALPN (RFC 9113, 3). */
export function openSession(socket: Socket): ClientHttp2Session {
  // the authority is each request's own
  const session = connectSession("http://unused.invalid", {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  // what goes wrong is read from the stream under way; without one there is nobody to tell
  session.on("error", () => {});
  return session;
}

/** Sends a request on a session and waits for the answer's head. */
export function sendOverHttp2(
  attempt: Attempt,
  socket: Socket,
  session: ClientHttp2Session,
  step: Step,
): Promise<Answer> {
  return attempt.wait<Answer>((resolve) => {
    attempt.phase = "request";
    let goaway: number | null = null;
    const onGoaway = (code: number): void => void (goaway = code);
    session.once("goaway", onGoaway);
    const stream = session.request(headersOf(step), { endStream: step.body === undefined });
    const sentAt = performance.now();
    attempt.phase = "first_byte";
    const failed = (error: Error | null): unknown =>
      failureOf({ error, goaway, stream, gone: session.destroyed || socket.destroyed });
    stream.once("response", (headers) => {
      attempt.timings.firstByte = performance.now() - sentAt;
      resolve({
        status: headers[":status"] ?? 0,
        version: "2.0",
        headers: withoutPseudo(headers),
        everyHeader: () => withoutPseudo(headers),
        body: stream,
        // a stream that is reset ends like any other
        cutOff: () => (stream.rstCode === 0 ? null : failed(null)),
        reusable: () => !session.closed && !session.destroyed && !socket.destroyed,
      });
    });
    stream.on("error", (error) => attempt.fail(socket, failed(error)));
    // a stream that is cancelled ends without an error
    stream.once("close", () => {
      session.off("goaway", onGoaway);
      if (!stream.readableEnded) attempt.fail(socket, failed(null));
    });
    if (step.body !== undefined) stream.end(step.body);
  });
}

// RFC 9113, 8.2.2: these belong to a connection of HTTP/1.1
const CONNECTION_FIELDS = new Set(["host", "connection", "content-length"]);

function headersOf(step: Step): Record<string, string> {
  const headers: Record<string, string> = {
    ":method": step.method,
    ":scheme": step.url.protocol.slice(0, -1),
    ":authority": step.headers.find(([name]) => name === "host")?.[1] ?? step.url.host,
    ":path": step.path,
  };
  for (const [name, value] of step.headers) if (!CONNECTION_FIELDS.has(name)) headers[name] = value;
  if (step.body !== undefined) headers["content-length"] = String(Buffer.byteLength(step.body));
  return headers;
}

function withoutPseudo(headers: Http2Headers & IncomingHttpStatusHeader): Answer["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":")));
}

/** Error codes by their number (RFC 9113, 7). */
const ERROR_NAMES = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

function nameOf(code: number | undefined): string {
  return ERROR_NAMES[code ?? 0] ?? String(code);
}

interface Ending {
  readonly error: Error | null;
  readonly goaway: number | null;
  readonly stream: ClientHttp2Stream;
  /** The whole connection has ended. */
  readonly gone: boolean;
}

function failureOf({ error, goaway, stream, gone }: Ending): unknown {
  if (goaway !== null) {
    const message = `the server ended the connection (GOAWAY, ${nameOf(goaway)})`;
    return new ProbeFailure(PROBE_CODES.http2Goaway, message);
  }
  const code = error !== null && "code" in error ? String(error.code) : "";
  if (code === "ERR_HTTP2_ERROR" || code === "ERR_HTTP2_SESSION_ERROR")
    return new ProbeFailure(PROBE_CODES.http2Invalid, "what came back is not valid HTTP/2");
  if (error !== null && !code.startsWith("ERR_HTTP2_")) return error;
  if (gone)
    return new ProbeFailure(PROBE_CODES.closed, "the connection was closed before a whole answer had come");
  const message = `the server reset the request (RST_STREAM, ${nameOf(stream.rstCode)})`;
  return new ProbeFailure(PROBE_CODES.http2StreamReset, message);
}
