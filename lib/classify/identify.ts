import { matchesStatus } from "#lib/model/http-status.ts";
import type { HttpObservation } from "#lib/model/observation.ts";
import type { FaultKind } from "#lib/model/verdict.ts";

import type { Clue, Gateway } from "./clue.ts";
import { GATEWAYS } from "./gateways.ts";

export interface Identity {
  readonly gateway: string;
  /** What proved it, e.g. `server: nginx/1.22.1`. */
  readonly evidence: readonly string[];
  readonly kind: FaultKind | null;
}

/** The gateway that made an error answer, when the answer proves one. */
export function identify(http: HttpObservation): Identity | null {
  if (http.status < 500) return null;
  // the body's author is the one who made the answer; headers may be those of a hop that passed it on
  return find(http, (clue) => isTelling(clue.body)) ?? find(http, (clue) => !isTelling(clue.body));
}

/** An empty body is nobody's handwriting. */
function isTelling(body: RegExp | undefined): boolean {
  return body !== undefined && !body.test("");
}

function find(http: HttpObservation, eligible: (clue: Clue) => boolean): Identity | null {
  for (const gateway of GATEWAYS) {
    for (const clue of gateway.clues) {
      if (!eligible(clue) || !holds(http, clue) || isSomebodyElses(http, clue)) continue;
      return { gateway: gateway.name, evidence: evidenceOf(http, clue), kind: faultOf(http, gateway) };
    }
  }
  return null;
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
  return clue.body === undefined && clue.ownErrorsOnly !== true && /^\s*[[{]/.test(http.bodyStart);
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

function faultOf(http: HttpObservation, gateway: Gateway): FaultKind | null {
  return gateway.faults?.find((fault) => holds(http, fault))?.kind ?? null;
}
