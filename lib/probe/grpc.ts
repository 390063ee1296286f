import { connect as connectHttp2, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { TLSSocket } from "node:tls";

import { z } from "zod";

import type { Observation } from "#lib/model/observation.ts";

import { answerOf } from "./answer.ts";
import { Attempt } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { grpcStatus, healthRequest, healthStatus } from "./grpc-health.ts";
import { hostSchema, portSchema } from "./fields.ts";
import { hostAndPort } from "./host.ts";
import { USER_AGENT } from "./http-plan.ts";
import { httpTargetSchema } from "./http-target.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable, secretValues } from "./redact.ts";

/** Codes of kind `grpc`, beside `GRPC_<status>` for a status; lib/classify/kind-codes.ts has their meaning. */
export const GRPC_CODES = {
  /** TLS did not agree on HTTP/2, or what came back is not HTTP/2. */
  noHttp2: "GRPC_NO_HTTP2",
  /** An answer that is HTTP/2 and not gRPC, or not a health answer. */
  notGrpc: "GRPC_NOT_GRPC",
  notServing: "GRPC_NOT_SERVING",
  healthUnknown: "GRPC_HEALTH_UNKNOWN",
  serviceUnknown: "GRPC_SERVICE_UNKNOWN",
  /** The stream was reset; details.streamError says with what. */
  streamReset: "GRPC_STREAM_RESET",
} as const;

const PATH = "/grpc.health.v1.Health/Check";
const MAX_BODY_BYTES = 4_096;

/** Which server a gRPC check asks, and about which service. */
export const grpcTargetSchema = z
  .strictObject({
    host: hostSchema.describe("Name or address of the server."),
    port: portSchema.describe("Its port."),
    service: z
      .string()
      .max(512, "is longer than 512 characters")
      .regex(/^[\w.-]+$/, "takes letters, digits, dots, hyphens and underscores")
      .optional()
      .describe("Service to ask about, like `shop.v1.Orders`; without it the server as a whole."),
    tls: z.boolean().default(true).describe("`false`: HTTP/2 without encryption (prior knowledge)."),
    authority: z
      .string()
      .regex(/^[\w.:[\]-]{1,260}$/, "must be a host, with a port if need be")
      .optional()
      .describe("`:authority` of the request; without it host and port."),
    headers: httpTargetSchema.shape.headers.describe("Metadata by name, such as authorization."),
    verifyTls: httpTargetSchema.shape.verifyTls.describe("Ask for a certificate that is valid for the name."),
  })
  .superRefine((target, context) => {
    for (const name of Object.keys(target.headers)) {
      if (!/^(?:grpc-|content-type$|te$|host$)/i.test(name)) continue;
      context.addIssue({
        code: "custom",
        path: ["headers", name],
        message: "is set by the probe itself; leave it out",
      });
    }
  });
type GrpcTarget = z.infer<typeof grpcTargetSchema>;

/**
 * Calls grpc.health.v1.Health/Check. HTTP/2 is Node's own on a connection of ours, so that phases are
 * timed and a gateway's plain HTTP answer stays readable, which gRPC libraries turn into a status.
 * Never rejected because of the target.
 */
export async function probeGrpc(target: GrpcTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  const details: Details = {};
  const secrets = secretValues(Object.entries(target.headers));
  let failure: ProbeFailure | null = null;
  try {
    const stream = await call(attempt, target, details);
    judge(await readAnswer(attempt, stream, target, secrets), details);
  } catch (error) {
    const { code, message } = toFailure(error);
    failure = new ProbeFailure(code, presentable(message, 512, secrets));
  }
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === "string") details[name] = presentable(value, 512, secrets);
  }
  return { ...attempt.finish(failure), details };
}

type Details = Record<string, string | number>;

async function call(attempt: Attempt, target: GrpcTarget, details: Details): Promise<ClientHttp2Stream> {
  const socket = await openConnection(attempt, {
    host: target.host,
    port: target.port,
    tls: target.tls ? { verify: target.verifyTls, alpn: ["h2"] } : null,
  });
  if (socket instanceof TLSSocket && socket.alpnProtocol !== "h2") {
    throw new ProbeFailure(GRPC_CODES.noHttp2, "the server does not speak HTTP/2 (no ALPN h2)");
  }
  attempt.phase = "request";
  const scheme = target.tls ? "https" : "http";
  const authority = target.authority ?? hostAndPort(target);
  const session = connectHttp2(`${scheme}://${hostAndPort(target)}`, { createConnection: () => socket });
  attempt.atEnd(() => session.destroy());
  session.on("error", (error) => attempt.fail(socket, failureOf(error)));
  const stream = session.request({
    ...lowerCased(target.headers),
    ":method": "POST",
    ":scheme": scheme,
    ":authority": authority,
    ":path": PATH,
    "content-type": "application/grpc",
    te: "trailers",
    "user-agent": USER_AGENT,
    "grpc-timeout": `${Math.max(1, Math.ceil(attempt.leftMs()))}m`,
  });
  stream.on("error", (error) => {
    if (stream.rstCode !== 0) details["streamError"] = stream.rstCode;
    attempt.fail(socket, failureOf(error));
  });
  stream.once("close", () =>
    attempt.fail(
      socket,
      new ProbeFailure(PROBE_CODES.closed, "the stream ended before a whole answer had come"),
    ),
  );
  stream.end(healthRequest(target.service ?? ""));
  return stream;
}

/** Node's HTTP/2 errors in our words: a stream or session that was ended, or bytes that are not HTTP/2. */
function failureOf(error: Error): ProbeFailure {
  const failure = toFailure(error);
  if (failure.code === "ERR_HTTP2_STREAM_ERROR" || failure.code === "ERR_HTTP2_SESSION_ERROR") {
    return new ProbeFailure(GRPC_CODES.streamReset, failure.message);
  }
  if (failure.code.startsWith("ERR_HTTP2_")) return new ProbeFailure(GRPC_CODES.noHttp2, failure.message);
  return failure;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Reads the whole answer; its head, and the start of a body that is not gRPC, become evidence. */
async function readAnswer(
  attempt: Attempt,
  stream: ClientHttp2Stream,
  target: GrpcTarget,
  secrets: readonly string[],
): Promise<Answer> {
  attempt.phase = "first_byte";
  const sentAt = performance.now();
  const url = new URL(`${target.tls ? "https" : "http"}://${hostAndPort(target)}${PATH}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  let trailers: IncomingHttpHeaders = {};
  stream.on("trailers", (received) => (trailers = received));
  stream.on("data", (chunk: Buffer) => {
    if (bytes < MAX_BODY_BYTES) chunks.push(chunk.subarray(0, MAX_BODY_BYTES - bytes));
    bytes += chunk.length;
  });
  const headers = await attempt.wait<IncomingHttpHeaders>((resolve) => void stream.once("response", resolve));
  attempt.timings.firstByte = performance.now() - sentAt;
  attempt.phase = "body";
  const keep = (): void => {
    const text = isGrpc(headers) ? "" : Buffer.concat(chunks).toString();
    const plain = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith(":") || value === undefined ? [] : [[name, String(value)]],
    );
    const status = Number(headers[":status"] ?? 0);
    attempt.http = answerOf({ url, status, version: "2.0", headers: plain, text, bytes }, secrets);
  };
  keep();
  try {
    await attempt.wait<void>((resolve) => {
      if (stream.readableEnded) return resolve();
      stream.once("end", () => resolve());
      // an answer longer than any health answer: its start says enough
      stream.on("data", () => bytes > MAX_BODY_BYTES && resolve());
    });
  } finally {
    keep();
  }
  return { headers, trailers, body: Buffer.concat(chunks) };
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return /^application\/grpc(?:$|[+;])/i.test(headers["content-type"] ?? "");
}

const VERDICTS: Readonly<Record<string, string>> = {
  NOT_SERVING: GRPC_CODES.notServing,
  UNKNOWN: GRPC_CODES.healthUnknown,
  SERVICE_UNKNOWN: GRPC_CODES.serviceUnknown,
};

/** @throws ProbeFailure for everything but SERVING; what is plain HTTP and not 200 is left to its status */
function judge({ headers, trailers, body }: Answer, details: Details): void {
  if (Number(headers[":status"]) !== 200) return;
  // "trailers only": an error without a message has its status in the head
  const code = trailers["grpc-status"] ?? headers["grpc-status"];
  const status = grpcStatus(typeof code === "string" ? code : undefined);
  if (!isGrpc(headers) || status === null) {
    throw new ProbeFailure(GRPC_CODES.notGrpc, "the answer is HTTP/2 and not gRPC");
  }
  details["grpcStatus"] = status;
  const message = trailers["grpc-message"] ?? headers["grpc-message"];
  if (typeof message === "string" && message !== "") details["grpcMessage"] = readable(message);
  if (status !== "OK") throw new ProbeFailure(`GRPC_${status}`, `the call failed with ${status}`);
  const serving = healthStatus(body);
  if (serving === null) throw new ProbeFailure(GRPC_CODES.notGrpc, "the answer is not a health answer");
  details["health"] = serving;
  const verdict = VERDICTS[serving];
  if (verdict !== undefined) throw new ProbeFailure(verdict, `the service reports ${serving}`);
}

/** A percent-encoded message (grpc/doc/PROTOCOL-HTTP2.md); as it is when the encoding is broken. */
function readable(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
