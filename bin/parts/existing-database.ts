import { createLog } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { dataDirectory } from "#lib/embedded/data-directory.ts";
import { runningDatabase } from "#lib/embedded/running.ts";
import { createDatabase, type Database } from "#lib/store/client.ts";
import { migrate } from "#lib/store/migrate.ts";

import { openDatabase } from "./database.ts";

const STOP_WITHIN = 8_000;

/**
 * Does something with the installation's database: the one of DATABASE_URL, the embedded one that
 * runs, or the embedded one, started for as long as it takes.
 */
export async function withInstalledDatabase<T>(
  scope: string,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const given = readEnvironment().DATABASE_URL ?? (await runningDatabase(dataDirectory()));
  const opened = await openDatabase(given ?? undefined, createLog(scope));
  const db = createDatabase(opened.url, { max: 2 });
  try {
    await migrate(opened.url);
    return await work(db);
  } finally {
    await db.$disconnect();
    await opened.stop(STOP_WITHIN);
  }
}
