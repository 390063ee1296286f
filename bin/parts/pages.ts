import { readFile } from "node:fs/promises";
import type { RequestListener, Server } from "node:http";
import { join } from "node:path";

import type { Log } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { nameClient } from "#lib/edge/client-address.ts";
import { createPageCache } from "#lib/edge/page-cache.ts";

import { baseUrl } from "./base-url.ts";
import { ROOT } from "./paths.ts";

export interface Pages {
  readonly listener: RequestListener;
  /** Told the version of the public data: what was made from an older one is not shown again. */
  readonly setVersion: (version: bigint) => void;
  readonly close: () => Promise<void>;
}

export interface PagesOptions {
  readonly dev: boolean;
  readonly server: Server;
  readonly log: Log;
}

/**
 * Next as a request handler, behind the page cache. In development it stands alone, so that an edit
 * shows at once, and takes the upgrades of its live reload from `server`.
 */
export async function createPages({ dev, server, log }: PagesOptions): Promise<Pages> {
  const environment = readEnvironment();
  // loaded here, because it reads NODE_ENV when it is loaded
  const { default: next } = await import("next");
  const app = next({
    dev,
    dir: ROOT,
    hostname: environment.HOST,
    port: environment.PORT,
    httpServer: server,
    quiet: true,
  });
  await app.prepare();
  const handler = app.getRequestHandler();
  const close = (): Promise<void> => app.close();
  const trustProxy = environment.GATEWATCH_TRUST_PROXY === "on";
  if (dev) {
    const listener: RequestListener = (request, response) => {
      nameClient(request, { trustProxy });
      void handler(request, response);
    };
    return { listener, setVersion: () => {}, close };
  }
  const cache = createPageCache({
    handler,
    log,
    host: new URL(baseUrl(environment)).host,
    trustProxy,
    // read now: later the disk may be what is in trouble
    unavailable: await readFile(join(ROOT, "public/unavailable.html"), "utf8"),
  });
  return { listener: cache.listener, setVersion: (version) => cache.setVersion(version), close };
}
