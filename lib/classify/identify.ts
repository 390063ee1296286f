import { matchesStatus } from "#lib/model/http-status.ts";
import type { HttpObservation } from "#lib/model/observation.ts";
import type { AnsweredBy, FaultKind } from "#lib/model/verdict.ts";

import type { Clue, Gateway } from "./clue.ts";
import { GATEWAYS } from "./gateways.ts";
import { hopsOf } from "./hops.ts";
import { fitsWait } from "./waited.ts";

export interface Identity {
  readonly gateway: string;
  /** What proved it, e.g. `server: nginx/1.22.1`. */
  readonly evidence: readonly string[];
  readonly kind: FaultKind | null;
  /** All kinds that the answer leaves open, likeliest first. */
  readonly kinds: readonly FaultKind[];
  readonly answeredBy: AnsweredBy | null;
}

/**
 * The gateway that made an error answer, when the answer proves one.
 * @param waited how long the answer took, in milliseconds; null when it is not known
 */
export function identify(http: HttpObservation, waited: number | null): Identity | null {
  if (http.status < 500) return null;
  // the body's author is the one who made the answer; headers may be those of a hop that passed it on
  return (
    find(http, waited, (clue) => isTelling(clue.body)) ?? find(http, waited, (clue) => !isTelling(clue.body))
  );
}

/**
 * Who wrote an error answer for which no gateway is proved: a hop shows itself, and the body is what
 * applications write and gateways do not.
 */
export function answeredBehind(http: HttpObservation, hops: readonly string[]): AnsweredBy | null {
  if (http.status < 500 || hops.length === 0) return null;
  const application = isJson(http) || APPLICATION_HEADERS.some((name) => http.headers[name] !== undefined);
  return application ? "origin" : null;
}

// an upstream's, through Envoy; of frameworks; of an application's session
const APPLICATION_HEADERS = [
  "x-envoy-upstream-service-time",
  "x-kong-upstream-latency",
  "x-powered-by",
  "x-runtime",
  "etag",
  "set-cookie",
];

/** An empty body is nobody's handwriting. */
function isTelling(body: RegExp | undefined): boolean {
  return body !== undefined && !body.test("");
}

function find(
  http: HttpObservation,
  waited: number | null,
  eligible: (clue: Clue) => boolean,
): Identity | null {
  for (const gateway of GATEWAYS) {
    for (const clue of gateway.clues) {
      if (!eligible(clue) || !holds(http, clue) || isSomebodyElses(http, clue)) continue;
      const fault = gateway.faults?.find((rule) => holds(http, rule) && fitsWait(waited, rule.waited));
      const kind = fault?.kind ?? null;
      return {
        gateway: gateway.name,
        evidence: evidenceOf(http, clue),
        kind,
        kinds: fault?.kinds ?? (kind === null ? [] : [kind]),
        answeredBy: clue.answeredBy ?? answeredBy(http, gateway, clue),
      };
    }
  }
  return null;
}

/** A page proves its author, and with it whether others stand before it; a header alone proves no author. */
function answeredBy(http: HttpObservation, { name }: Gateway, clue: Clue): AnsweredBy | null {
  if (clue.body === undefined && clue.ownErrorsOnly !== true) return null;
  const [outermost = name] = hopsOf(http);
  return outermost === name ? "edge" : "origin";
}

function holds(http: HttpObservation, clue: Clue): boolean {
  return (
    matchesStatus(clue.statuses, http.status) &&
    Object.entries(clue.headers ?? {}).every(([name, pattern]) => pattern.test(http.headers[name] ?? "")) &&
    (clue.absent ?? []).every((name) => http.headers[name] === undefined) &&
    (clue.body === undefined || clue.body.test(http.bodyStart))
  );
}

function isSomebodyElses(http: HttpObservation, clue: Clue): boolean {
  return clue.body === undefined && clue.ownErrorsOnly !== true && isJson(http);
}

function isJson({ bodyStart }: HttpObservation): boolean {
  return /^\s*[[{]/.test(bodyStart);
}

function evidenceOf(http: HttpObservation, clue: Clue): string[] {
  const evidence = Object.keys(clue.headers ?? {}).map((name) => `${name}: ${http.headers[name] ?? ""}`);
  const found = clue.body?.exec(http.bodyStart)?.[0];
  if (found !== undefined) evidence.push(found === "" ? "empty body" : `body: ${shorten(found)}`);
  const server = http.headers["server"];
  if (server !== undefined && clue.headers?.["server"] === undefined) evidence.push(`server: ${server}`);
  return evidence;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…`.toWellFormed() : line;
}
