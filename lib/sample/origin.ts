import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";

import type { Fault } from "./script.ts";

/** A small service that can be told to fail as real ones do. */
export interface Origin {
  /** Where it listens, or listened before it stopped. */
  readonly port: number;
  /** Takes effect for the next connection. */
  behave(fault: Fault | null): Promise<void>;
  close(): Promise<void>;
}

// well above the check's limit for "slow", well below the proxy's time-out
const SLOW_MS = 1_400;

/** Starts an origin on a free port of loopback. */
export async function startOrigin(name: string, latencyMs: number): Promise<Origin> {
  let fault: Fault | null = null;
  const http = createHttpServer((_request, response) => {
    const delay = fault === "slow" ? SLOW_MS : latencyMs * (0.8 + Math.random() * 0.4);
    const reply = (): void => {
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(`${JSON.stringify({ service: name, sample: true })}\n`);
    };
    // unref: an answer under way does not keep a process that was told to end
    setTimeout(reply, delay).unref();
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // whoever hangs up on a hanging origin resets the connection
    socket.on("error", () => socket.destroy());
    if (fault === null || fault === "slow") http.emit("connection", socket);
    else misbehave(socket, fault);
  });
  let port = await listen(server, 0);
  return {
    get port() {
      return port;
    },
    behave: async (next) => {
      fault = next;
      if (next === "refuse" && server.listening) await stopListening(server, sockets);
      if (next !== "refuse" && !server.listening) {
        // somebody else may have taken the port meanwhile
        port = await listen(server, port).catch(() => listen(server, 0));
      }
    },
    close: async () => {
      if (server.listening) await stopListening(server, sockets);
    },
  };
}

function misbehave(socket: Socket, fault: Exclude<Fault, "slow">): void {
  socket.once("data", () => {
    if (fault === "close_early") socket.end();
    if (fault === "garbage") socket.end("this is not the protocol you are looking for\r\n\r\n");
    // a hang says nothing until the other side gives up
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the origin has no port"));
      else resolve(address.port);
    });
  });
}

function stopListening(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
