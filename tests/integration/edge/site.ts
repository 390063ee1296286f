import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect } from "vitest";

import type { Log } from "#lib/base/log.ts";
import { createPageCache, type PageCache, type PageCacheOptions } from "#lib/edge/page-cache.ts";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** What a page says of itself that may be kept. */
export const PUBLIC = "public, s-maxage=10, stale-while-revalidate=20, stale-if-error=3600";

/** A response, its body not decoded. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  readonly text: string;
}

/** A server and a client of it. */
export interface Site {
  readonly cache: PageCache;
  readonly clock: { at: number };
  readonly port: number;
  readonly get: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A page cache on a port of its own, in front of a renderer of the test's own; ends with the test. */
export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
  options: Partial<PageCacheOptions> = {},
): Promise<Site> {
  const clock = { at: 1_800_000_000_000 };
  const cache = createPageCache({ handler, log: silent, clock: { now: () => clock.at }, ...options });
  const server = createServer(cache.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const get: Site["get"] = (path, headers = {}, method = "GET") =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port, path, headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString(),
          });
        });
      });
      request.on("error", reject);
      request.end();
    });
  return { cache, clock, port, get };
}

/** A renderer whose answers are numbered. */
export function numbered(cacheControl = PUBLIC) {
  const seen: { url: string; headers: IncomingMessage["headers"] }[] = [];
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": cacheControl });
    response.end(`render ${seen.length}`);
  };
  return { handler, seen };
}

/** Waits until it is so, two seconds at the most. */
export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}
