// The target of `npm run bench:probe`, a process of its own: answers a few bytes and closes, over plain
// TCP and TLS, keeps a connection where it is asked to, never answers on /hang/, and remembers when each
// request came.
import { readFileSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

import type { Arrivals, TargetReady } from "./messages.ts";

const CERTS = join(import.meta.dirname, "../../support/certs");
const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nserver: bench\r\ncontent-length: 2\r\n";
const ANSWER_AND_CLOSE = Buffer.from(`${HEAD}connection: close\r\n\r\nok`);
const ANSWER_AND_KEEP = Buffer.from(`${HEAD}connection: keep-alive\r\n\r\nok`);

let arrivals: { ids: number[]; times: number[] } = { ids: [], times: [] };
let connections = 0;

function serve(socket: Socket): void {
  connections += 1;
  socket.setNoDelay(true);
  // a prober that gives up resets the connection
  socket.on("error", () => socket.destroy());
  // requests are small and come in one piece: what they hold is looked for in each piece by itself
  socket.on("data", (chunk) => {
    const text = chunk.toString("latin1");
    const path = /^\w+ \/(hang\/)?(\d+) /.exec(text);
    if (path === null) return;
    arrivals.ids.push(Number(path[2]));
    arrivals.times.push(performance.timeOrigin + performance.now());
    if (path[1] !== undefined) return;
    if (/\r\nconnection: keep-alive/i.test(text)) socket.write(ANSWER_AND_KEEP);
    else socket.end(ANSWER_AND_CLOSE);
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) =>
    server.listen({ port: 0, host: "127.0.0.1", backlog: 2_048 }, () => resolve()),
  );
  return (server.address() as AddressInfo).port;
}

const http = await listen(createTcpServer(serve));
const https = await listen(
  createTlsServer(
    { key: readFileSync(join(CERTS, "valid.key")), cert: readFileSync(join(CERTS, "valid.pem")) },
    serve,
  ),
);

process.on("message", () => {
  const seen: Arrivals = {
    ids: Int32Array.from(arrivals.ids),
    times: Float64Array.from(arrivals.times),
    connections,
  };
  arrivals = { ids: [], times: [] };
  connections = 0;
  process.send?.(seen);
});
process.on("disconnect", () => process.exit(0));
process.send?.({ http, https } satisfies TargetReady);
