import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestProject } from "vitest/node";

import { prepareCluster } from "#lib/embedded/cluster.ts";
import { startServer } from "#lib/embedded/server.ts";
import { migrate } from "#lib/store/migrate.ts";

import { templateOf } from "./database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A migrated database that nobody connects to; test databases are copies of it. */
    templateUrl: string;
  }
}

/** One embedded PostgreSQL for all integration tests, gone with everything in it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "gatewatch-tests-"));
  // as root the server runs as another user, which has to get through to its files
  await chmod(directory, 0o711);
  const server = await startServer(await prepareCluster(directory, "none"));
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await migrate(server.url);
    await templateOf(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("templateUrl", server.url);
  return stop;
}
