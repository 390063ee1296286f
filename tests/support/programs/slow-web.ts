// A web process whose answers take as long as `?ms=` says; `/crash` ends it at once.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { drainServer } from "#lib/supervise/drain-server.ts";
import { runService } from "#lib/supervise/run-service.ts";

import { listenOn } from "../../../bin/parts/port.ts";

await runService(async () => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/crash") process.kill(process.pid, "SIGKILL");
    response.writeHead(200).write("begun ");
    void sleep(Number(url.searchParams.get("ms") ?? 0)).then(() => response.end("and finished"));
  });
  const port = await listenOn(server, "127.0.0.1", 0);
  return { detail: `${port} ${process.pid}`, stop: (withinMs) => drainServer(server, withinMs) };
});
