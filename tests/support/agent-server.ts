import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { POST as results } from "../../app/api/v1/agent/results/route.ts";
import { POST as slots } from "../../app/api/v1/agent/slots/route.ts";

const ROUTES: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  "/api/v1/agent/slots": slots,
  "/api/v1/agent/results": results,
};
const CERTS = join(import.meta.dirname, "certs");
/** The authority that signed the server's certificate, for NODE_EXTRA_CA_CERTS. */
export const AUTHORITY_FILE = join(CERTS, "ca.pem");

/** The routes that agents call, behind a real HTTPS server that can go away and come back. */
export interface AgentServer {
  /** `https://localhost:PORT` */
  readonly url: string;
  /** The same over plain HTTP, for the test's own requests; it never goes away. */
  readonly plainUrl: string;
  /** Cuts every connection of the first and closes its port. */
  leave(): Promise<void>;
  /** Listens again, at the same port. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

function listener(request: IncomingMessage, response: ServerResponse): void {
  void serve(request, response);
}

/** Starts it on the process's own database (DATABASE_URL). */
export async function startAgentServer(): Promise<AgentServer> {
  const certificate = {
    cert: readFileSync(join(CERTS, "valid.pem")),
    key: readFileSync(join(CERTS, "valid.key")),
  };
  const plain = createServer(listener);
  const plainPort = await listenOn(plain, 0);
  let secure: Server = createTlsServer(certificate, listener);
  const port = await listenOn(secure, 0);
  return {
    url: `https://localhost:${port}`,
    plainUrl: `http://127.0.0.1:${plainPort}`,
    leave: () => end(secure),
    comeBack: async () => {
      secure = createTlsServer(certificate, listener);
      await listenOn(secure, port);
    },
    close: async () => {
      await Promise.all([end(secure), end(plain)]);
    },
  };
}

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function end(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const route = ROUTES[request.url ?? ""];
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = Buffer.concat(chunks);
  const asked = new Request(`http://localhost${request.url}`, { method: "POST", headers, body });
  const answer = route === undefined ? new Response(null, { status: 404 }) : await route(asked);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
