import type { ServerResponse } from "node:http";

import type { ErrorCode } from "#lib/base/errors.ts";

import { SECURITY_HEADERS } from "./security-headers.ts";

/** Seconds after which it is worth asking again. */
const RETRY_AFTER = 15;
const SENTENCE = "The status page cannot read its own data right now. Try again in a moment.";

export type Unavailable = (response: ServerResponse, path: string) => void;

/** As the API's own errors are; the code is one of GatewatchError's, so that readers can match on it. */
function jsonError(code: ErrorCode, message: string): string {
  return JSON.stringify({ error: { code, message, problems: [] } });
}

/**
 * Answers for a renderer that cannot, when nothing older can stand in: 503, the given document for
 * people, JSON below `/api/`.
 * @param document a complete HTML page that needs nothing else
 */
export function createUnavailable(document: string): Unavailable {
  const page = { type: "text/html; charset=utf-8", body: Buffer.from(document) };
  const json = {
    type: "application/json; charset=utf-8",
    body: Buffer.from(jsonError("UNAVAILABLE", SENTENCE)),
  };
  return (response, path) => {
    if (response.destroyed) return;
    const { type, body } = path.startsWith("/api/") ? json : page;
    response.writeHead(503, {
      ...Object.fromEntries(SECURITY_HEADERS),
      "Content-Type": type,
      "Content-Length": String(body.length),
      "Retry-After": String(RETRY_AFTER),
      "Cache-Control": "no-store",
      "Access-Control-Allow-Origin": "*",
    });
    response.end(body);
  };
}

/** Used when no document is given. */
export const PLAIN_DOCUMENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Not available</title><p>${SENTENCE}</p></html>`;
