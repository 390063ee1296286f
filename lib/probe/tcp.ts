import { z } from "zod";

import type { Observation } from "#lib/model/observation.ts";

import { Attempt } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { listen, unexpected, type Listener } from "./converse.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { hostSchema, ipFamilySchema, portSchema } from "./fields.ts";
import type { ProbeOptions } from "./options.ts";
import { compilePattern, patternSchema } from "./pattern.ts";
import { presentable } from "./redact.ts";
import { secret } from "./secret-fields.ts";

const ESCAPE = /\\(?:([rnt0\\])|x([0-9a-f]{2}))|\\/gi;
const ESCAPED: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "0": "\0", "\\": "\\" };

const escapedText = z
  .string()
  .min(1, "must not be empty")
  .max(4_096, "is longer than 4,096 characters")
  .refine(
    (text) => !text.replaceAll(/\\(?:[rnt0\\]|x[0-9a-f]{2})/gi, "").includes("\\"),
    "holds a backslash that begins none of \\r \\n \\t \\0 \\\\ \\x00",
  );

const hexBytes = z
  .string()
  .max(8_192)
  .regex(/^\s*([0-9a-f]{2}\s*)+$/i, 'must be bytes in hexadecimal, such as "00 0a ff"');

/** Where a TCP check connects, what it says and what it waits for. */
export const tcpTargetSchema = z
  .strictObject({
    host: hostSchema.describe("Name or address to connect to."),
    port: portSchema.describe("Port to connect to."),
    ipFamily: ipFamilySchema,
    send: secret(escapedText, "Text to send; \\r \\n \\t \\0 \\\\ and \\x00 stand for bytes.").optional(),
    sendHex: secret(hexBytes, "Bytes to send, in hexadecimal.").optional(),
    expect: escapedText.optional().describe("Text that the answer must contain, with the escapes of `send`."),
    expectPattern: patternSchema
      .optional()
      .describe("Regular expression (RE2 syntax) that must be found in the answer."),
  })
  .superRefine((target, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: "custom", path: [field], message });
    if (target.send !== undefined && target.sendHex !== undefined)
      refuse("sendHex", "is a second thing to send; keep one of send, send_hex");
    if (target.expect !== undefined && target.expectPattern !== undefined)
      refuse("expectPattern", "is a second thing to expect; keep one of expect, expect_pattern");
  });
export type TcpTarget = z.infer<typeof tcpTargetSchema>;

/** Connects, says something and waits for an answer where the check asks for it. Never rejected. */
export async function probeTcp(target: TcpTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  let listener: Listener | null = null;
  let answer = "";
  try {
    const { host, port, ipFamily: family } = target;
    const socket = await openConnection(attempt, { host, port, family, tls: null });
    const expected = expectationOf(target);
    if (expected !== null) listener = listen(attempt, socket);
    const bytes = bytesOf(target);
    if (bytes !== null) socket.write(bytes);
    if (listener !== null && expected !== null) answer = await listener.until(expected);
    return finish(attempt, target, answer, null);
  } catch (error) {
    answer = listener?.heard() ?? "";
    return finish(attempt, target, answer, heardWrong(toFailure(error), answer));
  }
}

/** Something came, and it is not what is expected: that says more than that the time is over. */
function heardWrong(failure: ProbeFailure, answer: string): ProbeFailure {
  return failure.code === PROBE_CODES.deadline && answer !== ""
    ? unexpected(`${answer.length} bytes came in time, and not what is expected`)
    : failure;
}

function finish(
  attempt: Attempt,
  target: TcpTarget,
  answer: string,
  failure: ProbeFailure | null,
): Observation {
  const sent = secretsOf(target);
  if (answer !== "") {
    const text = Buffer.from(answer.slice(0, 1_024), "latin1").toString("utf8");
    attempt.details = { answer: presentable(text, 512, sent) };
  }
  return attempt.finish(failure && new ProbeFailure(failure.code, presentable(failure.message, 512, sent)));
}

function expectationOf({ expect, expectPattern }: TcpTarget): ((heard: string) => boolean) | null {
  if (expectPattern !== undefined) {
    const found = compilePattern(expectPattern);
    return (heard) => found(Buffer.from(heard, "latin1").toString("utf8"));
  }
  if (expect === undefined) return null;
  const wanted = unescape(expect).toString("latin1");
  return (heard) => heard.includes(wanted);
}

function bytesOf({ send, sendHex }: TcpTarget): Buffer | null {
  if (send !== undefined) return unescape(send);
  return sendHex === undefined ? null : Buffer.from(sendHex.replaceAll(/\s/g, ""), "hex");
}

/** The bytes that a text with escapes stands for; what is no escape is UTF-8. */
function unescape(text: string): Buffer {
  const latin1 = Buffer.from(text, "utf8").toString("latin1");
  const bytes = latin1.replaceAll(ESCAPE, (whole, letter: string | undefined, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return (letter && ESCAPED[letter.toLowerCase()]) ?? whole;
  });
  return Buffer.from(bytes, "latin1");
}

// what follows such a word in Redis, POP3, IMAP, SMTP and memcached is a password, or ends with one
const SIGN_IN = /\b(?:auth|pass|password|login)\s+([^\r\n]+)/gi;

/** What an answer must not give away by echoing it. */
function secretsOf(target: TcpTarget): string[] {
  const said = bytesOf(target)?.toString("utf8") ?? "";
  return [...said.matchAll(SIGN_IN)]
    .flatMap(([, rest = ""]) => [rest, ...rest.split(/\s+/)])
    .filter((word) => word.length >= 4);
}
