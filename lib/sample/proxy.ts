import { Agent, createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";

import { createProxyServer } from "httpxy";

/** How long the proxy waits for an origin's first byte before it answers 504, in milliseconds. */
export const UPSTREAM_TIMEOUT = 2_000;

const NAME = "gatewatch-sample-proxy";

export interface SampleProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A reverse proxy on a free port of loopback: `/<name>/…` goes to that name's origin. It turns
 * what goes wrong behind it into 502 and 504 as any gateway does; nothing is acted.
 * @param portOf the origin's port, asked for at every request; undefined: there is no such origin
 */
export async function startProxy(portOf: (name: string) => number | undefined): Promise<SampleProxy> {
  // a connection each: one that is kept would not notice that the origin stopped listening
  const proxy = createProxyServer({ xfwd: true, agent: new Agent({ keepAlive: false }) });
  const overdue = new WeakSet<IncomingMessage>();
  proxy.on("proxyReq", (upstream, request) => {
    // the proxy's own clock: once the connection is cut, a late answer and none look the same
    upstream.setTimeout(UPSTREAM_TIMEOUT, () => {
      overdue.add(request);
      upstream.destroy();
    });
  });
  proxy.on("proxyRes", (upstream) => {
    upstream.headers["server"] = NAME;
    upstream.headers["via"] = `1.1 ${NAME}`;
  });
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://proxy").pathname.split("/")[1] ?? "";
    const port = portOf(name);
    if (port === undefined) {
      answer(response, 404);
      return;
    }
    proxy
      .web(request, response, { target: { host: "127.0.0.1", port, protocol: "http:" } })
      .catch(() => answer(response, overdue.has(request) ? 504 : 502));
  });
  proxy.on("error", (_error, request, response) => {
    if (response !== undefined && "writeHead" in response) {
      answer(response, request !== undefined && overdue.has(request) ? 504 : 502);
    }
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the proxy has no port"));
      else resolve(address.port);
    });
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The proxy's own error page, in the plain words that gateways use. */
function answer(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const title = `${status} ${STATUS_CODES[status] ?? ""}`;
  response.writeHead(status, {
    "content-type": "text/html",
    server: NAME,
    via: `1.1 ${NAME}`,
    connection: "close",
  });
  response.end(
    `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n<hr><center>${NAME}</center>\n</body>\n</html>\n`,
  );
}
