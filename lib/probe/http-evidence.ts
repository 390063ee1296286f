import type { HttpObservation } from "#lib/model/observation.ts";

import type { Answer } from "./http-answer.ts";
import { readable } from "./body-text.ts";
import { encodingOf, plainText, type Body } from "./http-body.ts";
import type { HttpPlan, Step } from "./http-plan.ts";
import { keptHeaders } from "./http-headers.ts";
import { presentableStart, secretValues } from "./redact.ts";

/** Characters of a body that are kept as evidence. */
const BODY_START = 2_048;
/** Twice as much is looked at, so that a secret across the cut is recognised before it is cut. */
export const BODY_LOOK = 2 * BODY_START;

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
  const secrets = secretsAt(plan, step, redirects);
  return {
    status: answer.status,
    version: answer.version,
    get headers() {
      return (headers ??= keptHeaders(answer.everyHeader(), secrets));
    },
    get bodyStart() {
      return (bodyStart ??= presentableStart(readable(startOf(answer, body, unpacked)), BODY_START, secrets));
    },
    bodyBytes: body.bytes,
    bodyCapped: body.capped,
    bodyMatched,
    url: step.shown,
    redirects,
  };
}

/** What we send that must not come back in the evidence, and what a redirect had us send. */
function secretsAt({ secrets }: HttpPlan, step: Step, redirects: number): readonly string[] {
  const given = redirects === 0 ? [] : secretValues(step.url.searchParams);
  return given.length === 0 ? secrets : [...secrets, ...given];
}

function startOf({ headers }: Answer, body: Body, unpacked: string | null): string {
  if (unpacked !== null || encodingOf(headers) !== null) return (unpacked ?? "").slice(0, BODY_LOOK);
  return plainText(body.chunks, headers).slice(0, BODY_LOOK);
}
