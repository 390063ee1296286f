import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { POST as results } from "../../app/api/v1/agent/results/route.ts";
import { POST as slots } from "../../app/api/v1/agent/slots/route.ts";

const ROUTES: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  "/api/v1/agent/slots": slots,
  "/api/v1/agent/results": results,
};

/** The routes that agents call, behind a real HTTP server that can go away and come back. */
export interface AgentServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Cuts every connection and closes the port. */
  leave(): Promise<void>;
  /** Listens again, at the same port. */
  comeBack(): Promise<void>;
}

/** Starts it on the process's own database (DATABASE_URL). */
export async function startAgentServer(): Promise<AgentServer> {
  let server: Server | null = null;
  let port = 0;
  const comeBack = async (): Promise<void> => {
    const next = createServer((request, response) => void serve(request, response));
    await new Promise<void>((resolve) => next.listen(port, "127.0.0.1", resolve));
    port = (next.address() as AddressInfo).port;
    server = next;
  };
  await comeBack();
  return {
    url: `http://127.0.0.1:${port}`,
    comeBack,
    leave: async () => {
      const closed = new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
      server?.closeAllConnections();
      server = null;
      await closed;
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const route = ROUTES[request.url ?? ""];
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const answer =
    route === undefined
      ? new Response(null, { status: 404 })
      : await route(
          new Request(`http://127.0.0.1${request.url}`, {
            method: "POST",
            headers,
            body: Buffer.concat(chunks),
          }),
        );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
