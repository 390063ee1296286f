import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import { systemClock, type Clock } from "#lib/base/clock.ts";
import { isGatewatchError, messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { preflight, refuse, send, SHARED_METHODS } from "./answer.ts";
import type { Handler } from "./capture.ts";
import { Pages } from "./pages.ts";
import { isHost, passThrough } from "./private.ts";
import { routeOf, type SharedRoute } from "./routes.ts";
import type { ShelfLimits } from "./shelves.ts";
import { createUnavailable, PLAIN_DOCUMENT, type Unavailable } from "./unavailable.ts";

export interface PageCacheOptions {
  /** Renders what is not kept, e.g. `next({ … }).getRequestHandler()`. */
  readonly handler: Handler;
  readonly log: Log;
  /** Host of the public address, without a scheme: what shared pages believe they are asked at. */
  readonly host?: string;
  /** Believe X-Forwarded-*; without it they are dropped and X-Forwarded-For is the peer's address. */
  readonly trustProxy?: boolean;
  /** A complete HTML page to show when there is nothing to show; a plain sentence by default. */
  readonly unavailable?: string;
  /** What each of the three shelves may hold; by default 64 MB in all. */
  readonly limits?: ShelfLimits;
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
    limits: options.limits,
  });
  const unavailable = createUnavailable(options.unavailable ?? PLAIN_DOCUMENT);
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
    void answerRendered({ pages, clock, unavailable }, request, response, route);
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
    const route = routeOf(key);
    if (route.kind === "shared") pages.render(route).catch(() => {});
  }
  send(request, response, found.entry, found.outdated ? "STALE" : "HIT", now);
  return true;
}

interface Rendering {
  readonly pages: Pages;
  readonly clock: Clock;
  readonly unavailable: Unavailable;
}

async function answerRendered(
  { pages, clock, unavailable }: Rendering,
  request: IncomingMessage,
  response: ServerResponse,
  route: SharedRoute,
): Promise<void> {
  const { key } = route;
  const began = clock.now();
  const old = pages.failedRecently(key, began) ? pages.standIn(key, began) : undefined;
  if (old !== undefined) return send(request, response, old, "STALE", began);
  try {
    send(request, response, await pages.render(route), "MISS", clock.now());
  } catch (error) {
    const now = clock.now();
    const instead = pages.standIn(key, now);
    if (instead !== undefined) send(request, response, instead, "STALE", now);
    else if (isGatewatchError(error, "RATE_LIMITED"))
      refuse(response, 429, "Too many addresses are being tried out. Try again in a moment.", {
        "Retry-After": "5",
      });
    else unavailable(response, key);
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
