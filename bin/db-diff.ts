// Prints the SQL for the next migration: from the copy of schema.prisma that lies beside the newest
// migration to the schema as it is now. `npm run db:diff [-- <older schema file>]`.
//
// The copy is what the migrations lead to; the engine cannot read a live database. Save the SQL as
// prisma/migrations/<time>_<name>/migration.sql, read it, and copy schema.prisma beside it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { createLog } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { dataDirectory } from "#lib/embedded/data-directory.ts";
import { runningDatabase } from "#lib/embedded/running.ts";
import { diffSchemas, latestSnapshot } from "#lib/store/diff-schemas.ts";
import { sentence } from "#lib/supervise/sentence.ts";

import { openDatabase } from "./parts/database.ts";
import { ROOT } from "./parts/paths.ts";

const STOP_WITHIN = 8_000;

async function main(older: string | undefined): Promise<void> {
  const before = older === undefined ? (await latestSnapshot()).text : await readFile(older, "utf8");
  const after = await readFile(join(ROOT, "prisma/schema.prisma"), "utf8");
  // the engine wants a connection, although it compares texts
  const given = readEnvironment().DATABASE_URL ?? (await runningDatabase(dataDirectory()));
  const database = await openDatabase(given ?? undefined, createLog("db:diff"));
  try {
    process.stdout.write(await diffSchemas(database.url, before, after));
  } finally {
    await database.stop(STOP_WITHIN);
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = 1;
}
