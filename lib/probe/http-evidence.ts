import type { HttpObservation } from "#lib/model/observation.ts";

import type { Answer } from "./http-answer.ts";
import { encodingOf, plainText, type Body } from "./http-body.ts";
import type { HttpPlan, Step } from "./http-plan.ts";
import { presentable, redactHeader, redactUrl } from "./redact.ts";

/** Characters of a body that are kept as evidence. */
const BODY_START = 2_048;
/** Twice as much is looked at, so that a secret across the cut is recognised before it is cut. */
export const BODY_LOOK = 2 * BODY_START;
const MAX_HEADERS = 64;

/** One hop: what was asked, what came back, and how many redirects lay before it. */
export interface Hop {
  readonly plan: HttpPlan;
  readonly step: Step;
  readonly answer: Answer;
  readonly redirects: number;
}

/**
 * What came back, with secrets taken out. Headers and body are put together when somebody reads them
 * for the first time: of a thousand answers that are fine hardly one is.
 * @param unpacked text of a body that came encoded, as far as it could be read
 */
export function observed(
  { plan, step, answer, redirects }: Hop,
  body: Body,
  unpacked: string | null,
  bodyMatched: boolean | null,
): HttpObservation {
  let headers: Record<string, string> | undefined;
  let bodyStart: string | undefined;
  return {
    status: answer.status,
    version: answer.version,
    get headers() {
      return (headers ??= safeHeaders(answer, plan.secrets));
    },
    get bodyStart() {
      return (bodyStart ??= presentable(startOf(answer, body, unpacked), BODY_START, plan.secrets));
    },
    bodyBytes: body.bytes,
    bodyCapped: body.capped,
    bodyMatched,
    url: redactUrl(step.url),
    redirects,
  };
}

function safeHeaders(answer: Answer, secrets: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers).slice(0, MAX_HEADERS)) {
    if (value !== undefined) headers[name] = redactHeader(name, String(value), secrets);
  }
  return headers;
}

function startOf({ headers }: Answer, body: Body, unpacked: string | null): string {
  if (unpacked !== null || encodingOf(headers) !== null) return (unpacked ?? "").slice(0, BODY_LOOK);
  return plainText(body.chunks, headers).slice(0, BODY_LOOK);
}
