import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import type { Attempt } from "./attempt.ts";
import type { Answer } from "./http-answer.ts";
import type { Step } from "./http-plan.ts";

const wires = new WeakMap<Step, string[]>();

/** Sends a request on an open connection and waits for the answer's head. */
export function sendOverHttp1(
  attempt: Attempt,
  socket: Socket,
  step: Step,
  keepAlive: boolean,
): Promise<Answer> {
  return attempt.wait<Answer>((resolve) => {
    attempt.phase = "request";
    let sentAt: number | null = null;
    const sent = (): void => {
      if (sentAt !== null) return;
      sentAt = performance.now();
      attempt.phase = "first_byte";
    };
    const request = httpRequest({
      // an open socket instead of an agent: who sees the whole way anew, and who does not, is decided here
      createConnection: () => socket,
      method: step.method,
      path: step.path,
      headers: wireOf(step, keepAlive),
      setHost: false,
    });
    // without an agent Node means to close, whatever the header says; the answer can still veto it
    request.shouldKeepAlive = keepAlive;
    request.once("finish", sent);
    socket.once("data", () => {
      sent();
      attempt.timings.firstByte = performance.now() - (sentAt ?? 0);
    });
    const answered = (response: IncomingMessage): void =>
      resolve({
        status: response.statusCode ?? 0,
        version: response.httpVersion,
        headers: response.headers,
        everyHeader: () => response.headersDistinct,
        body: response,
        // the parser counts: a body that is not whole ends in an error
        cutOff: () => null,
        reusable: () => request.shouldKeepAlive && socket.writable && !socket.destroyed,
      });
    request.once("response", answered);
    // 101 to somebody who has not asked for it: without a listener Node would wait for ever
    request.once("upgrade", answered);
    // the parser's errors come here, also those in the body, which is another stage
    request.on("error", (error) => attempt.fail(socket, error));
    request.end(step.body);
  });
}

/** Names and values in turn: Node writes such a list as it is, and checks and copies anything else field by field. */
function wireOf(step: Step, keepAlive: boolean): string[] {
  const known = wires.get(step);
  if (known !== undefined) return known;
  const wire = [...step.headers.flat(), "connection", keepAlive ? "keep-alive" : "close"];
  wires.set(step, wire);
  return wire;
}
