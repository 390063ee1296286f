import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import { WebSocket, type RawData } from "ws";
import { z } from "zod";

import type { Observation } from "#lib/model/observation.ts";

import { headOf, keepAnswer } from "./answer.ts";
import { Attempt } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { urlSchema } from "./fields.ts";
import { USER_AGENT } from "./http-plan.ts";
import { httpTargetSchema } from "./http-target.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable, secretValues } from "./redact.ts";
import { secret } from "./secret-fields.ts";

/** Codes of kind `websocket`; what they mean stands in lib/classify/kind-codes.ts. */
export const WEBSOCKET_CODES = {
  /** 101 came, and what came with it is no WebSocket handshake. */
  handshake: "WS_HANDSHAKE",
  subprotocol: "WS_SUBPROTOCOL",
  /** Frames that RFC 6455 forbids. */
  protocol: "WS_PROTOCOL",
  /** Closed with a close frame before the expected message; details.closeCode has the reason. */
  closed: "WS_CLOSED",
  /** Messages came; none with the expected text. */
  unexpected: "WS_UNEXPECTED",
} as const;

const MAX_MESSAGE_BYTES = 1_048_576;
/** How long the other side may take to close as well; it is not what the check is about. */
const CLOSE_MS = 1_000;

const websocketUrlSchema = urlSchema({
  schemes: ["ws://", "wss://"],
  like: "wss://www.example.com/socket",
  instead: "send them in an Authorization header",
  fragment: false,
});

/** Where a WebSocket check connects, what it says, and what it wants to hear. */
export const websocketTargetSchema = z
  .strictObject({
    url: websocketUrlSchema.describe("Address: ws:// or wss://, without user name and password."),
    headers: httpTargetSchema.shape.headers.describe("Request headers of the handshake by name."),
    subprotocol: z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, "is not a subprotocol name (RFC 6455, 4.1)")
      .optional()
      .describe("Subprotocol that the server has to agree to."),
    // who signs in over the socket does it here
    send: secret(z.string().max(65_536, "is longer than 64 KiB"), "Text message to send.").optional(),
    expect: z
      .string()
      .min(1, "must not be empty")
      .max(1024)
      .optional()
      .describe("Text that a message of the server must contain; others before it are passed over."),
    verifyTls: httpTargetSchema.shape.verifyTls.describe("Ask for a certificate that is valid for the name."),
  })
  .superRefine((target, context) => {
    for (const name of Object.keys(target.headers)) {
      if (!/^sec-websocket-/i.test(name)) continue;
      context.addIssue({
        code: "custom",
        path: ["headers", name],
        message: "is set by the probe itself; leave it out",
      });
    }
  });
type WebSocketTarget = z.infer<typeof websocketTargetSchema>;

/**
 * Shakes hands, sends and listens as the check says, and closes in order. `ws` does the framing on a
 * connection of ours, so that phases are timed as with HTTP. Never rejected because of the target.
 */
export async function probeWebSocket(target: WebSocketTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  const url = new URL(target.url);
  const secrets = secretValues([...Object.entries(target.headers), ...url.searchParams]);
  const details: Record<string, string | number> = {};
  let failure: ProbeFailure | null = null;
  try {
    const socket = await connect(attempt, url, target.verifyTls);
    const dialogue = await shakeHands(attempt, socket, target, secrets);
    if (dialogue !== null) {
      await converse(attempt, dialogue, target.send, details);
      await sayGoodbye(attempt, dialogue.client);
    }
  } catch (error) {
    const { code, message } = toFailure(error);
    failure = new ProbeFailure(code, presentable(message, 512, secrets));
  }
  const observation = attempt.finish(failure);
  return Object.keys(details).length === 0 ? observation : { ...observation, details };
}

function connect(attempt: Attempt, url: URL, verify: boolean): Promise<Socket> {
  const secure = url.protocol === "wss:";
  return openConnection(attempt, {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    tls: secure ? { verify, alpn: ["http/1.1"] } : null,
  });
}

/** A client, and what has come for it from the first moment on. */
interface Dialogue {
  readonly client: WebSocket;
  readonly expect: string | undefined;
  heard: number;
  found: boolean;
  end: ProbeFailure | null;
  closeCode: number | null;
  onNews: () => void;
}

/** The dialogue after the handshake; null when an HTTP answer came instead, which is kept. */
async function shakeHands(
  attempt: Attempt,
  socket: Socket,
  target: WebSocketTarget,
  secrets: readonly string[],
): Promise<Dialogue | null> {
  attempt.phase = "first_byte";
  const sentAt = performance.now();
  const url = new URL(target.url);
  const client = new WebSocket(target.url, target.subprotocol === undefined ? [] : [target.subprotocol], {
    createConnection: () => socket,
    headers: { "user-agent": USER_AGENT, ...target.headers },
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  });
  attempt.atEnd(() => client.terminate());
  const dialogue = listen(client, target.expect);
  socket.once("data", () => (attempt.timings.firstByte = performance.now() - sentAt));
  const refusal = await attempt.wait<IncomingMessage | null>((resolve, reject) => {
    // evidence of the hops that the connection goes through
    client.once("upgrade", (response) => (attempt.http = headOf(response, url, secrets)));
    client.once("open", () => resolve(null));
    client.once("unexpected-response", (_, response) => resolve(response));
    dialogue.onNews = () => {
      if (dialogue.end !== null) reject(dialogue.end);
    };
  });
  attempt.phase = "body";
  if (refusal === null) return dialogue;
  await keepAnswer(attempt, refusal, url, secrets);
  return null;
}

function listen(client: WebSocket, expect: string | undefined): Dialogue {
  const dialogue: Dialogue = {
    client,
    expect,
    heard: 0,
    found: false,
    end: null,
    closeCode: null,
    onNews: () => {},
  };
  client.on("message", (data: RawData) => {
    dialogue.heard += 1;
    dialogue.found ||= expect !== undefined && textOf(data).includes(expect);
    dialogue.onNews();
  });
  client.on("error", (error) => {
    dialogue.end ??= failureOf(error);
    dialogue.onNews();
  });
  client.on("close", (code) => {
    // 1006: ws's own number for a connection that ended without a close frame
    const inOrder = code !== 1006;
    dialogue.closeCode = inOrder ? code : null;
    dialogue.end ??= inOrder
      ? new ProbeFailure(WEBSOCKET_CODES.closed, `the server closed with code ${code}`)
      : new ProbeFailure(PROBE_CODES.closed, "the connection ended without a close frame");
    dialogue.onNews();
  });
  return dialogue;
}

function textOf(data: RawData): string {
  const parts = Array.isArray(data) ? data : [Buffer.isBuffer(data) ? data : Buffer.from(data)];
  return Buffer.concat(parts).toString();
}

/** The codes of `ws` (its doc/ws.md), and its sentences without one, which come up in the handshake. */
function failureOf(error: Error): ProbeFailure {
  const { code, message } = toFailure(error);
  if (code.startsWith("WS_ERR_")) return new ProbeFailure(WEBSOCKET_CODES.protocol, message);
  if (code !== PROBE_CODES.probeFailed) return new ProbeFailure(code, message);
  const subprotocol = /subprotocol/i.test(message);
  return new ProbeFailure(subprotocol ? WEBSOCKET_CODES.subprotocol : WEBSOCKET_CODES.handshake, message);
}

async function converse(
  attempt: Attempt,
  dialogue: Dialogue,
  send: string | undefined,
  details: Record<string, string | number>,
): Promise<void> {
  if (send !== undefined) dialogue.client.send(send);
  if (dialogue.expect === undefined) return;
  try {
    await attempt.wait<void>((resolve, reject) => {
      dialogue.onNews = () => {
        if (dialogue.found) resolve();
        else if (dialogue.end !== null) reject(dialogue.end);
      };
      dialogue.onNews();
    });
  } catch (error) {
    if (dialogue.closeCode !== null) details["closeCode"] = dialogue.closeCode;
    if (dialogue.heard === 0 || toFailure(error).code !== PROBE_CODES.deadline) throw error;
    throw new ProbeFailure(WEBSOCKET_CODES.unexpected, "messages came, none with the expected text");
  } finally {
    details["messages"] = dialogue.heard;
  }
}

/** Closes with a close frame each way; a server that does not answer it has passed all the same. */
async function sayGoodbye(attempt: Attempt, client: WebSocket): Promise<void> {
  client.close(1000);
  let timer: NodeJS.Timeout | undefined;
  try {
    await attempt.wait<void>((resolve) => {
      if (client.readyState === WebSocket.CLOSED) return resolve();
      client.once("close", () => resolve());
      timer = setTimeout(resolve, Math.min(CLOSE_MS, attempt.leftMs() / 2));
    });
  } catch {
    // the leash was pulled during the goodbye: all that was asked for had been seen
  } finally {
    clearTimeout(timer);
  }
}
