import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import packageJson from "../../package.json" with { type: "json" };

import type { Attempt } from "./attempt.ts";
import type { HttpTarget } from "./http-target.ts";
import { PROBE_CODES, ProbeFailure } from "./failure.ts";

/** What a probe calls itself, so that the target's people can tell it in their logs. */
export const USER_AGENT = `Gatewatch/${packageJson.version} (+status monitoring)`;

/** One request of a chain of redirects. */
export interface Step {
  readonly url: URL;
  readonly method: HttpTarget["method"];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The first request of a target. */
export function firstStep(target: HttpTarget): Step {
  return { url: new URL(target.url), method: target.method, headers: target.headers, body: target.body };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The request that a redirect asks for (RFC 9110, 15.4), null when the answer is not one.
 * Configured headers stay behind when the origin changes: they may hold credentials.
 * @throws ProbeFailure when the location cannot be requested
 */
export function nextStep(step: Step, status: number, location: string | undefined): Step | null {
  if (!REDIRECTS.has(status) || location === undefined) return null;
  if (!URL.canParse(location, step.url.href)) {
    throw new ProbeFailure(PROBE_CODES.redirectInvalid, "redirected to something that is not a URL");
  }
  const url = new URL(location, step.url.href);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new ProbeFailure(
      PROBE_CODES.redirectInvalid,
      `redirected to ${url.protocol.slice(0, 40)}, which is not HTTP`,
    );
  }
  const sameOrigin = url.origin === step.url.origin;
  // 303 always becomes GET, 301 and 302 do for POST, as every browser does it
  const rewrite = status === 303 ? step.method !== "HEAD" : status < 303 && step.method === "POST";
  return {
    url,
    method: rewrite ? "GET" : step.method,
    headers: sameOrigin ? step.headers : {},
    body: rewrite ? undefined : step.body,
  };
}

/** Sends a request on an open connection and waits for the answer's head. */
export function sendRequest(attempt: Attempt, socket: Socket, step: Step): Promise<IncomingMessage> {
  return attempt.wait<IncomingMessage>((resolve) => {
    attempt.phase = "request";
    let sentAt: number | null = null;
    const sent = (): void => {
      if (sentAt !== null) return;
      sentAt = performance.now();
      attempt.phase = "first_byte";
    };
    const request = httpRequest({
      // an open socket instead of an agent: every probe sees the whole way anew
      createConnection: () => socket,
      method: step.method,
      path: `${step.url.pathname}${step.url.search}`,
      headers: headersOf(step),
      setHost: false,
    });
    request.once("finish", sent);
    socket.once("data", () => {
      sent();
      attempt.timings.firstByte = performance.now() - (sentAt ?? 0);
    });
    request.once("response", resolve);
    // 101 to somebody who has not asked for it: without a listener Node would wait for ever
    request.once("upgrade", resolve);
    // the parser's errors come here, also those in the body, which is another stage
    request.on("error", (error) => attempt.fail(socket, error));
    request.end(step.body);
  });
}

function headersOf(step: Step): Record<string, string> {
  const headers: Record<string, string> = { host: step.url.host, "user-agent": USER_AGENT, accept: "*/*" };
  for (const [name, value] of Object.entries(step.headers)) headers[name.toLowerCase()] = value;
  if (step.body !== undefined) headers["content-length"] = String(Buffer.byteLength(step.body));
  headers["connection"] = "close";
  return headers;
}
