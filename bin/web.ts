// The web process: the page cache, then Next. Any number of them may work on one database.
import { createServer } from "node:http";

import { createLog } from "#lib/base/log.ts";
import { databaseUrl, readEnvironment } from "#lib/config/env.ts";
import { listenForPublicChanges } from "#lib/store/listen.ts";
import { drainServer } from "#lib/supervise/drain-server.ts";
import { runService } from "#lib/supervise/run-service.ts";

import { createPages } from "./parts/pages.ts";
import { listenOn } from "./parts/port.ts";
import { prepareProcess } from "./parts/prepare.ts";

const log = createLog("web");
const dev = process.argv.includes("--dev");

await runService(async () => {
  await prepareProcess({ dev });
  const { HOST, PORT } = readEnvironment();
  const server = createServer();
  const pages = await createPages({ dev, server, log });
  server.on("request", pages.listener);
  const changes = listenForPublicChanges({
    connectionString: databaseUrl(),
    onVersion: pages.setVersion,
    log,
  });
  const port = await listenOn(server, HOST, PORT);
  log.info("listening", { host: HOST, port });
  return {
    detail: String(port),
    stop: async (withinMs) => {
      await drainServer(server, withinMs);
      await Promise.all([changes.stop(), pages.close()]);
    },
  };
});
