import { createServer, type Server } from "node:net";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";

/**
 * Has a server listen, and says in one sentence why it cannot.
 * @returns the port, which differs from `port` when that is 0
 * @throws GatewatchError PORT_TAKEN, or CONFIG_INVALID that names PORT or HOST
 */
export async function listenOn(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address");
  return address.port;
}

/**
 * Finds out before the long steps whether the web process will be able to listen.
 * @returns the port to use: `port`, or a free one when that is 0
 */
export async function reservePort(host: string, port: number): Promise<number> {
  const probe = createServer();
  const found = await listenOn(probe, host, port);
  await new Promise((resolve) => probe.close(resolve));
  return found;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): GatewatchError {
  switch (error.code) {
    case "EADDRINUSE":
      return new GatewatchError(
        "PORT_TAKEN",
        `PORT: ${port} is taken on ${host}; stop what listens there, or set PORT to another (0 takes a free one)`,
        { cause: error },
      );
    case "EACCES":
      return new GatewatchError(
        "CONFIG_INVALID",
        `PORT: this user may not listen on ${port}; set PORT to 1024 or more`,
        {
          cause: error,
        },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new GatewatchError(
        "CONFIG_INVALID",
        `HOST: ${host} is no address of this machine; use 0.0.0.0 for all of them or 127.0.0.1 for this machine alone`,
        { cause: error },
      );
    default:
      return new GatewatchError(
        "CONFIG_INVALID",
        `HOST, PORT: cannot listen on ${host}:${port}: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
  }
}
