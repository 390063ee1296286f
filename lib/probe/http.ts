import type { IncomingMessage } from "node:http";

import { matchesStatus } from "#lib/model/http-status.ts";
import type { HttpObservation, Observation } from "#lib/model/observation.ts";

import { Attempt } from "./attempt.ts";
import { openConnection, type Endpoint } from "./connect.ts";
import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { emptyBody, readBody, textOf, type Body } from "./http-body.ts";
import { firstStep, nextStep, sendRequest, type Step } from "./http-request.ts";
import { MAX_REDIRECTS, type HttpTarget } from "./http-target.ts";
import type { ProbeOptions } from "./options.ts";
import { readable } from "./body-text.ts";
import { keptHeaders } from "./http-headers.ts";
import { presentable, presentableStart, redactUrl, secretsInBody, secretValues } from "./redact.ts";

/** Characters of a body that are kept as evidence. */
const BODY_START = 2_048;
// twice as much is looked at, so that a secret across the cut is recognised before it is cut
const BODY_LOOK = 2 * BODY_START;

/**
 * Requests a target over connections of its own and reports what came back. Trouble of any kind is
 * in the observation: the promise is never rejected.
 */
export async function probeHttp(target: HttpTarget, options: ProbeOptions): Promise<Observation> {
  const attempt = new Attempt(options.timeoutMs, options.signal);
  try {
    await follow(attempt, target);
    return attempt.finish(null);
  } catch (error) {
    const failure = toFailure(error);
    return attempt.finish(
      new ProbeFailure(failure.code, presentable(failure.message, 512, secretsOf(target))),
    );
  }
}

/** One hop: what was asked, what came back, and how many redirects lay before it. */
interface Hop {
  readonly target: HttpTarget;
  readonly step: Step;
  readonly response: IncomingMessage;
  readonly redirects: number;
}

async function follow(attempt: Attempt, target: HttpTarget): Promise<void> {
  const seen = new Set<string>();
  let step = firstStep(target);
  for (let redirects = 0; ; redirects++) {
    seen.add(keyOf(step));
    attempt.url = redactUrl(step.url, secretsOf(target));
    const socket = await openConnection(attempt, endpointOf(step.url, target.verifyTls));
    const response = await sendRequest(attempt, socket, step);
    attempt.phase = "body";
    const hop: Hop = { target, step, response, redirects };
    const next = redirectOf(attempt, hop);
    if (next === null) return conclude(attempt, hop);
    if (seen.has(keyOf(next)))
      throw stuck(attempt, hop, PROBE_CODES.redirectLoop, "redirects go in a circle");
    if (redirects >= MAX_REDIRECTS) {
      throw stuck(
        attempt,
        hop,
        PROBE_CODES.redirectLimit,
        `still redirected after ${MAX_REDIRECTS} redirects`,
      );
    }
    noteRedirect(attempt, hop);
    step = next;
  }
}

/** Which hop it was that sent us on: the next one may fail before it has said anything. */
function noteRedirect(attempt: Attempt, { target, step, response }: Hop): void {
  attempt.redirects.push({
    status: response.statusCode ?? 0,
    url: redactUrl(step.url, secretsOf(target)),
    remote: attempt.remote,
  });
}

function keyOf(step: Step): string {
  return `${step.method} ${step.url.origin}${step.url.pathname}${step.url.search}`;
}

function endpointOf(url: URL, verify: boolean): Endpoint {
  const secure = url.protocol === "https:";
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    tls: secure ? { verify, alpn: ["http/1.1"] } : null,
  };
}

/** The redirect to follow; null when the answer is the last one, also because the check asks for it. */
function redirectOf(attempt: Attempt, hop: Hop): Step | null {
  const status = hop.response.statusCode ?? 0;
  if (!hop.target.followRedirects || matchesStatus(hop.target.expectStatus, status)) return null;
  try {
    return nextStep(hop.step, status, hop.response.headers.location);
  } catch (error) {
    attempt.http = observed(hop, emptyBody(), "", null);
    throw error;
  }
}

function stuck(attempt: Attempt, hop: Hop, code: string, message: string): ProbeFailure {
  attempt.http = observed(hop, emptyBody(), "", null);
  return new ProbeFailure(code, message);
}

async function conclude(attempt: Attempt, hop: Hop): Promise<void> {
  const { target, response } = hop;
  const body = emptyBody();
  const asked = target.keyword !== undefined || target.keywordAbsent !== undefined;
  const encoded = response.headers["content-encoding"] !== undefined;
  const cap = target.maxBodyBytes;
  let text = "";
  try {
    await readBody(attempt, response, body, { cap, keep: asked || encoded ? cap : Math.min(cap, BODY_LOOK) });
    text = await textOf(body, response.headers, cap);
  } catch (error) {
    // the status has been seen: it stays evidence, with as much of the body as can be read
    attempt.http = observed(hop, body, encoded ? "" : await textOf(body, response.headers, cap), null);
    throw error;
  }
  attempt.http = observed(hop, body, text, asked && !body.capped ? keywordsHold(target, text) : null);
}

const sentSecrets = new WeakMap<HttpTarget, readonly string[]>();

/** What we send that must not come back in the evidence, should the target echo it. */
function secretsOf(target: HttpTarget): readonly string[] {
  const known = sentSecrets.get(target);
  if (known !== undefined) return known;
  const named = secretValues([...Object.entries(target.headers), ...new URL(target.url).searchParams]);
  const secrets = [...named, ...secretsInBody(target.body)];
  sentSecrets.set(target, secrets);
  return secrets;
}

/** Those, and what a redirect had us send. */
function secretsAt({ target, step, redirects }: Hop): readonly string[] {
  const given = redirects === 0 ? [] : secretValues(step.url.searchParams);
  return given.length === 0 ? secretsOf(target) : [...secretsOf(target), ...given];
}

function keywordsHold(target: HttpTarget, text: string): boolean {
  const found = target.keyword === undefined || text.includes(target.keyword);
  return found && (target.keywordAbsent === undefined || !text.includes(target.keywordAbsent));
}

/**
 * What came back. Headers and body are made fit for the record when somebody reads them: nobody does of
 * an answer that is fine, and that is nearly all of them.
 */
function observed(hop: Hop, body: Body, text: string, bodyMatched: boolean | null): HttpObservation {
  const secrets = secretsAt(hop);
  const headers = once(() => keptHeaders(hop.response.headersDistinct, secrets));
  const start = text.slice(0, 2 * BODY_LOOK);
  const bodyStart = once(() => presentableStart(readable(start), BODY_START, secrets));
  return {
    status: hop.response.statusCode ?? 0,
    version: hop.response.httpVersion,
    get headers() {
      return headers();
    },
    get bodyStart() {
      return bodyStart();
    },
    bodyBytes: body.bytes,
    bodyCapped: body.capped,
    bodyMatched,
    url: redactUrl(hop.step.url, secrets),
    redirects: hop.redirects,
  };
}

/** The value, made at the first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
