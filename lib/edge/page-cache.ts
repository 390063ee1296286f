import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import { systemClock, type Clock } from "#lib/base/clock.ts";
import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { preflight, refuse, send, SHARED_METHODS } from "./answer.ts";
import type { Handler } from "./capture.ts";
import { Pages, RenderedError } from "./pages.ts";
import { isHost, passThrough } from "./private.ts";
import { policyOf, routeOf } from "./routes.ts";

export interface PageCacheOptions {
  /** Renders what is not kept, e.g. `next({ … }).getRequestHandler()`. */
  readonly handler: Handler;
  readonly log: Log;
  /** Host of the public address, without a scheme: what shared pages believe they are asked at. */
  readonly host?: string;
  /** Believe X-Forwarded-*; without it they are dropped and X-Forwarded-For is the peer's address. */
  readonly trustProxy?: boolean;
  /** What may be held: 2,000 responses and 64 MB by default. */
  readonly limits?: { readonly entries: number; readonly bytes: number };
  /** A render that takes longer has failed. Default 10 s. */
  readonly renderTimeoutMs?: number;
  readonly clock?: Clock;
}

export interface PageCache {
  /** For `http.createServer(cache.listener)`. */
  readonly listener: RequestListener;
  /** Names the public version: when it differs from the last one, everything is rendered anew. */
  setVersion(version: bigint): void;
  /** Everything is rendered anew before it is served again; old responses only stand in for failures. */
  drop(): void;
  /** Renders and failed renders since the start; responses and bytes held. */
  stats(): {
    readonly renders: number;
    readonly failures: number;
    readonly entries: number;
    readonly bytes: number;
  };
}

const LONGEST_TARGET = 2_048;
const PRIVATE_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * The cache in front of the renderer. Only the routes of `routes.ts` are shared; a response is
 * kept as long as its own `Cache-Control` says, compressed once, and not served any more once the
 * public version has moved on, unless rendering the new one fails (`stale-if-error`). Requests
 * for one page wait for one render; a render that began before a change is not waited for by
 * those who came after it.
 *
 * Next's own client requests (`rsc` headers, `_rsc` query) are answered with the plain document:
 * public pages link with `<a>`, and Next's router falls back to a full navigation on HTML.
 */
export function createPageCache(options: PageCacheOptions): PageCache {
  const { handler, log, clock = systemClock, trustProxy = false } = options;
  const pages = new Pages({
    handler,
    log,
    clock,
    host: options.host ?? "localhost",
    renderTimeoutMs: options.renderTimeoutMs ?? 10_000,
    limits: options.limits ?? { entries: 2_000, bytes: 64 * 1024 * 1024 },
  });
  let version: bigint | undefined;

  const listener: RequestListener = (request, response) => {
    const target = request.url ?? "";
    const reads = request.method === "GET" || request.method === "HEAD";
    // nearly every request names a page as the cache does: nothing is parsed then
    if (reads && answerKept(pages, request, response, target, clock.now())) return;
    if (target.length > LONGEST_TARGET) return refuse(response, 414, "This address is too long.");
    const route = routeOf(target);
    if (route.kind === "malformed") return refuse(response, 400, "This address is malformed.");
    if (route.kind === "private") return answerPrivate({ handler, log, trustProxy }, request, response);
    if (request.method === "OPTIONS") return preflight(response);
    if (!reads) return refuse(response, 405, "This address can only be read.", { Allow: SHARED_METHODS });
    if (answerKept(pages, request, response, route.key, clock.now())) return;
    void answerRendered({ pages, clock }, request, response, route);
  };

  return {
    listener,
    setVersion: (next) => {
      if (version !== next) pages.drop();
      version = next;
    },
    drop: () => pages.drop(),
    stats: () => pages.stats(),
  };
}

/** Serves a kept response when it may be served; true when it did. */
function answerKept(
  pages: Pages,
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
  now: number,
): boolean {
  const found = pages.find(key, now);
  if (found === undefined) return false;
  if (found.outdated && !pages.failedRecently(key, now)) {
    // a failure is logged and remembered by `pages`; who asked gets what there is
    pages.render(key, policyOf(key)).catch(() => {});
  }
  send(request, response, found.entry, found.outdated ? "STALE" : "HIT", now);
  return true;
}

async function answerRendered(
  { pages, clock }: { readonly pages: Pages; readonly clock: Clock },
  request: IncomingMessage,
  response: ServerResponse,
  { key, policy }: { readonly key: string; readonly policy: string | null },
): Promise<void> {
  const began = clock.now();
  const old = pages.failedRecently(key, began) ? pages.standIn(key, began) : undefined;
  if (old !== undefined) return send(request, response, old, "STALE", began);
  try {
    send(request, response, await pages.render(key, policy), "MISS", clock.now());
  } catch (error) {
    const now = clock.now();
    const instead = pages.standIn(key, now);
    if (instead !== undefined) send(request, response, instead, "STALE", now);
    else if (error instanceof RenderedError) send(request, response, error.entry, "MISS", now);
    else
      refuse(response, 503, "This page cannot be shown right now. Try again in a moment.", {
        "Retry-After": "5",
      });
  }
}

function answerPrivate(
  {
    handler,
    log,
    trustProxy,
  }: { readonly handler: Handler; readonly log: Log; readonly trustProxy: boolean },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!PRIVATE_METHODS.includes(request.method ?? "")) {
    return refuse(response, 405, "This method is not allowed here.", { Allow: PRIVATE_METHODS.join(", ") });
  }
  if (!isHost(request.headers.host)) return refuse(response, 400, "The Host header does not name a host.");
  passThrough(handler, request, response, { trustProxy }).catch((error: unknown) => {
    log.error("a request failed", { method: request.method, reason: messageOf(error) });
    if (response.headersSent) response.destroy();
    else refuse(response, 500, "Something went wrong on our side.");
  });
}
