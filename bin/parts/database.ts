import { dataDirectory, makeDataDirectory } from "#lib/embedded/data-directory.ts";
import { prepareCluster } from "#lib/embedded/cluster.ts";
import { lockDataDirectory } from "#lib/embedded/lock.ts";
import { startServer, type Server } from "#lib/embedded/server.ts";
import type { Log } from "#lib/base/log.ts";
import { requireDatabase } from "#lib/store/reach.ts";
import { keepRunning, type Service } from "#lib/supervise/keep-running.ts";

export interface OpenedDatabase {
  readonly url: string;
  readonly embedded: boolean;
  /** Ends the embedded server cleanly and gives its data directory free; else does nothing. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/**
 * The database to work on: the server of DATABASE_URL, or an embedded one, which is kept running.
 * @throws GatewatchError DATABASE_UNREACHABLE, DATA_DIR_IN_USE, CONFIG_INVALID or UNAVAILABLE
 */
export async function openDatabase(given: string | undefined, log: Log): Promise<OpenedDatabase> {
  if (given !== undefined) {
    await requireDatabase(given);
    return { url: given, embedded: false, stop: async () => {} };
  }
  const directory = dataDirectory();
  await makeDataDirectory(directory);
  const lock = await lockDataDirectory(directory);
  try {
    const { service, url } = await embeddedService(directory);
    const kept = await keepRunning(service, log);
    return {
      url: url(),
      embedded: true,
      stop: async (withinMs) => {
        await kept.stop(withinMs);
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function embeddedService(directory: string): Promise<{ service: Service; url: () => string }> {
  const cluster = await prepareCluster(directory);
  let server: Server | undefined;
  return {
    service: {
      name: "PostgreSQL",
      start: async () => {
        // at the same address as before, which the other processes hold
        server = await startServer(cluster, server?.port);
        const { exited, stop } = server;
        return { exited: exited.then(() => "its log says why"), stop };
      },
    },
    url: () => {
      if (server === undefined) throw new Error("the server has not been started");
      return server.url;
    },
  };
}
