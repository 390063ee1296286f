import { TLSSocket } from "node:tls";

import { matchesStatus } from "#lib/model/http-status.ts";
import type { Observation } from "#lib/model/observation.ts";

import { Attempt } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import type { Answer } from "./http-answer.ts";
import { emptyBody, encodingOf, plainText, readBody, unpackedText } from "./http-body.ts";
import { BODY_LOOK, observed, type Hop } from "./http-evidence.ts";
import { nextStep, planOf, type HttpPlan, type Step } from "./http-plan.ts";
import type { HttpTarget } from "./http-target.ts";
import { sendOverHttp1 } from "./http1.ts";
import { openSession, sendOverHttp2 } from "./http2.ts";
import type { Connection } from "./kept-connections.ts";
import type { ProbeOptions } from "./options.ts";
import { presentable } from "./redact.ts";

/**
 * Requests a target, over connections of its own unless the check keeps one, and reports what came
 * back. Trouble of any kind is in the observation: the promise is never rejected.
 */
export async function probeHttp(target: HttpTarget, options: ProbeOptions): Promise<Observation> {
  const plan = planOf(target);
  const attempt = new Attempt(options.timeoutMs, options.signal);
  try {
    await follow(attempt, plan, options);
    return attempt.finish(null);
  } catch (error) {
    const failure = toFailure(error);
    return attempt.finish(new ProbeFailure(failure.code, presentable(failure.message, 512, plan.secrets)));
  }
}

async function follow(attempt: Attempt, plan: HttpPlan, options: ProbeOptions): Promise<void> {
  const { maxRedirects } = plan.target;
  const seen = new Set<string>();
  let step = plan.first;
  for (let redirects = 0; ; redirects++) {
    attempt.url = step.shown;
    const { answer, connection } = await ask(attempt, plan, step, options);
    attempt.phase = "body";
    const hop: Hop = { plan, step, answer, redirects };
    const next = redirectOf(attempt, hop);
    if (next === null) return conclude(attempt, hop, connection, options);
    seen.add(keyOf(step));
    if (seen.has(keyOf(next)))
      throw stuck(attempt, hop, PROBE_CODES.redirectLoop, "redirects go in a circle");
    if (redirects >= maxRedirects) {
      const message = `still redirected after ${maxRedirects} redirects`;
      throw stuck(attempt, hop, PROBE_CODES.redirectLimit, message);
    }
    noteRedirect(attempt, hop);
    step = next;
  }
}

/** Which hop it was that sent us on: the next one may fail before it has said anything. */
function noteRedirect(attempt: Attempt, { step, answer }: Hop): void {
  attempt.redirects.push({ status: answer.status, url: step.shown, remote: attempt.remote });
}

function keyOf(step: Step): string {
  return `${step.method} ${step.url.origin}${step.path}`;
}

interface Exchange {
  readonly answer: Answer;
  readonly connection: Connection;
}

/** Asks over the connection that was kept, where there is one, and over a new one otherwise. */
async function ask(attempt: Attempt, plan: HttpPlan, step: Step, options: ProbeOptions): Promise<Exchange> {
  const { reuseConnection } = plan.target;
  const { kept, checkId } = options;
  if (reuseConnection && kept !== undefined && checkId !== undefined) {
    const connection = kept.take(checkId, step.endpoint);
    if (connection !== null) {
      try {
        resume(attempt, connection);
        return { connection, answer: await send(attempt, connection, step, reuseConnection) };
      } catch (error) {
        // the server may close an idle connection whenever it likes (RFC 9112, 9.5): that is no failure
        if (!wentStale(attempt, error)) throw error;
      }
    }
  }
  const socket = await openConnection(attempt, step.endpoint);
  if (reuseConnection) attempt.details = { connection: "new" };
  const { remote, certificate } = attempt;
  const session = speaksHttp2(plan.target.http2, socket) ? openSession(socket) : null;
  const openedAt = performance.now();
  const connection = { socket, session, endpoint: step.endpoint, remote, certificate, openedAt };
  return { connection, answer: await send(attempt, connection, step, reuseConnection) };
}

function send(attempt: Attempt, connection: Connection, step: Step, keepAlive: boolean): Promise<Answer> {
  const { socket, session } = connection;
  return session === null
    ? sendOverHttp1(attempt, socket, step, keepAlive)
    : sendOverHttp2(attempt, socket, session, step);
}

function resume(attempt: Attempt, { socket, remote, certificate }: Connection): void {
  attempt.hold(socket);
  attempt.remote = remote;
  attempt.certificate = certificate;
  attempt.details = { connection: "reused" };
}

const CLOSED_MEANWHILE = new Set<string>([
  PROBE_CODES.closed,
  PROBE_CODES.http2Goaway,
  PROBE_CODES.http2StreamReset,
  "ECONNRESET",
  "EPIPE",
]);

function wentStale(attempt: Attempt, error: unknown): boolean {
  return attempt.timings.firstByte === null && CLOSED_MEANWHILE.has(toFailure(error).code);
}

/** @throws ProbeFailure when HTTP/2 is required and the server does not speak it */
function speaksHttp2(wish: HttpTarget["http2"], socket: object): boolean {
  if (wish === "off") return false;
  // without TLS nothing is agreed on: only who requires it knows that the server speaks it
  if (!(socket instanceof TLSSocket)) return wish === "require";
  if (socket.alpnProtocol === "h2") return true;
  if (wish === "prefer") return false;
  throw new ProbeFailure(PROBE_CODES.http2Refused, "the server does not offer HTTP/2 (ALPN h2)");
}

/** The redirect to follow; null when the answer is the last one, also because the check asks for it. */
function redirectOf(attempt: Attempt, hop: Hop): Step | null {
  const { plan, step, answer } = hop;
  const { followRedirects, expectStatus } = plan.target;
  if (!followRedirects || matchesStatus(expectStatus, answer.status)) return null;
  try {
    return nextStep(plan, step, answer.status, answer.headers.location);
  } catch (error) {
    attempt.http = observed(hop, emptyBody(), null, null);
    throw error;
  }
}

function stuck(attempt: Attempt, hop: Hop, code: string, message: string): ProbeFailure {
  attempt.http = observed(hop, emptyBody(), null, null);
  return new ProbeFailure(code, message);
}

async function conclude(
  attempt: Attempt,
  hop: Hop,
  connection: Connection,
  options: ProbeOptions,
): Promise<void> {
  const { plan, answer } = hop;
  const { expectation } = plan;
  const cap = plan.target.maxBodyBytes;
  const encoding = encodingOf(answer.headers);
  const keep = expectation !== null || encoding !== null ? cap : Math.min(cap, BODY_LOOK);
  const body = emptyBody();
  let unpacked: string | null = null;
  try {
    await readBody(attempt, answer, body, { cap, keep });
    if (encoding !== null) unpacked = await unpackedText(body, encoding, answer.headers, cap);
  } catch (error) {
    // the status has been seen: it stays evidence, with as much of the body as can be read
    attempt.http = observed(hop, body, null, null);
    throw error;
  }
  const asked = expectation !== null && !body.capped;
  const problem = asked ? expectation(unpacked ?? plainText(body.chunks, answer.headers)) : null;
  if (problem !== null)
    attempt.details = { ...attempt.details, mismatch: presentable(problem, 256, plan.secrets) };
  attempt.http = observed(hop, body, unpacked, asked ? problem === null : null);
  const fine = problem === null && matchesStatus(plan.target.expectStatus, answer.status);
  if (fine && !body.capped) layBy(attempt, plan, connection, answer, options);
}

/**
 * Keeps the connection of a look that was fine for the next one. Not of another: what confirms a failure
 * takes a new one, and is not sent to the same bad server behind a balancer again.
 */
function layBy(
  attempt: Attempt,
  plan: HttpPlan,
  connection: Connection,
  answer: Answer,
  { kept, checkId }: ProbeOptions,
): void {
  if (!plan.target.reuseConnection || kept === undefined || checkId === undefined || !answer.reusable())
    return;
  attempt.letGo();
  kept.keep(checkId, connection);
}
