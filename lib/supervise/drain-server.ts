import type { Server } from "node:http";

const SWEEP = 25;

/**
 * Takes no more connections, lets every request that is being answered finish, and cuts what is
 * left after `withinMs`. Resolves when the last connection is closed.
 *
 * A second call with less time hurries the first.
 */
export async function drainServer(server: Server, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // told also when the server was closed before
    server.close(() => resolve());
  });
  // a connection kept alive becomes idle when its answer is out, which close() does not wait for
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
  const cut = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
