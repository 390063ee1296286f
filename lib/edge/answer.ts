import type { IncomingMessage, ServerResponse } from "node:http";

import type { Entry } from "./entry.ts";
import { codingFor, matchesTag } from "./negotiate.ts";

/** A hit is as it is; a miss was rendered for this request; stale is older than it should be. */
export type Source = "HIT" | "MISS" | "STALE";

export const SHARED_METHODS = "GET, HEAD, OPTIONS";

// `request.headers` would build an object of all of them; two are all it takes
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const raw = request.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const each = raw[i];
    if (each !== undefined && each.length === name.length && each.toLowerCase() === name) return raw[i + 1];
  }
  return undefined;
}

/** A hit's headers go out as they were laid out, not even copied. */
function withSource(headers: string[], entry: Entry, source: Source, now: number): string[] {
  if (source === "HIT") return headers;
  if (source === "MISS") return [...headers, "X-Cache", source];
  const age = Math.max(0, Math.floor((now - entry.renderedAt) / 1_000));
  return [...headers, "X-Cache", source, "Age", String(age)];
}

/** Answers with an entry: 304 when the client has it already, compressed as it likes, no body for HEAD. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  entry: Entry,
  source: Source,
  now: number,
): void {
  if (response.destroyed) return;
  const wanted = headerOf(request, "if-none-match");
  if (wanted !== undefined && entry.status === 200 && matchesTag(wanted, entry.tag)) {
    response.writeHead(304, withSource(entry.notModified, entry, source, now));
    response.end();
    return;
  }
  const { headers, body } = entry.variants[codingFor(headerOf(request, "accept-encoding"))];
  response.writeHead(entry.status, withSource(headers, entry, source, now));
  if (request.method === "HEAD") response.end();
  else response.end(body);
}

/** Answers with one plain sentence. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(message)),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(message);
}

/** Answers a browser that asks whether it may read from another origin: it may. */
export function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    Allow: SHARED_METHODS,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": SHARED_METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
  });
  response.end();
}
