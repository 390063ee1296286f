import type { IncomingMessage, Server, ServerResponse } from "node:http";

import { ROOT } from "./paths.ts";

export interface Pages {
  answer(request: IncomingMessage, response: ServerResponse): void;
  /** Forgets what was made from an older version of the public data. */
  refresh(version: bigint): void;
  close(): Promise<void>;
}

export interface PagesOptions {
  readonly dev: boolean;
  readonly server: Server;
  readonly host: string;
  readonly port: number;
}

/** Next as a request handler. In development it also takes the upgrades of its live reload. */
export async function createPages({ dev, server, host, port }: PagesOptions): Promise<Pages> {
  // loaded here, because it reads NODE_ENV when it is loaded
  const { default: next } = await import("next");
  const app = next({ dev, dir: ROOT, hostname: host, port, httpServer: server, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    answer: (request, response) => void handle(request, response),
    refresh: () => {},
    close: () => app.close(),
  };
}
