import { createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface QueueServerOptions {
  /** What one request takes; they are done one after another. */
  readonly serviceMs: number;
  /** From so many waiting requests on, others are turned away; default: never. */
  readonly limit?: number;
  /** How they are turned away; default 503 with `Retry-After: 5`. */
  readonly shed?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** A server that does one thing at a time, and can be kept busy. */
export interface QueueServer {
  readonly url: string;
  readonly port: number;
  /** Puts `waiting` real requests in front of the next one, in place of those before. */
  busy(waiting: number): Promise<void>;
  close(): Promise<void>;
}

const SHED = { status: 503, headers: { "retry-after": "5" }, body: "busy\n" };

/** Starts a server with one worker and a queue, which is all that it takes to be overloaded. */
export async function startQueueServer(options: QueueServerOptions): Promise<QueueServer> {
  const { serviceMs, limit = Infinity, shed = SHED } = options;
  const sockets = new Set<Socket>();
  let queue: ServerResponse[] = [];
  let timer: NodeJS.Timeout | undefined;
  let arrived = 0;
  let wake: (() => void) | undefined;
  const server = createServer((incoming, response) => {
    incoming.resume();
    if (queue.length >= limit) {
      response.writeHead(shed.status, { ...shed.headers, connection: "close" }).end(shed.body);
    } else {
      queue.push(response);
      if (queue.length === 1) timer = setTimeout(serve, serviceMs);
    }
    arrived += 1;
    wake?.();
  });
  function serve(): void {
    queue.shift()?.writeHead(200, { connection: "close" }).end("done\n");
    // who has gone needs nothing done
    while (queue[0]?.socket?.destroyed === true) queue.shift();
    if (queue.length > 0) timer = setTimeout(serve, serviceMs);
  }
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener has such an address
  const url = `http://127.0.0.1:${port}/`;
  const drop = (): void => {
    clearTimeout(timer);
    queue = [];
    for (const socket of sockets) socket.destroy();
  };
  return {
    url,
    port,
    busy: async (waiting) => {
      drop();
      const from = arrived;
      for (let n = 0; n < waiting; n++)
        request(url, { agent: false })
          .on("error", () => {})
          .end();
      await new Promise<void>((resolve) => {
        const look = (): void => void (arrived - from >= waiting && resolve());
        wake = look;
        look();
      });
      // more comes in than goes out: the place that gets free is taken before the next look comes
      if (queue.length >= limit) clearTimeout(timer);
    },
    close: async () => {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
