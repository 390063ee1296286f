// Removes the sample for good, also while Gatewatch runs: `npm run sample:remove`.
import { createLog } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { dataDirectory } from "#lib/embedded/data-directory.ts";
import { runningDatabase } from "#lib/embedded/running.ts";
import { removeSample } from "#lib/sample/remove.ts";
import { createDatabase } from "#lib/store/client.ts";
import { isMigrated } from "#lib/store/migrate.ts";
import { sentence } from "#lib/supervise/sentence.ts";

import { openDatabase } from "./parts/database.ts";

const STOP_WITHIN = 8_000;

async function main(): Promise<void> {
  const given = readEnvironment().DATABASE_URL ?? (await runningDatabase(dataDirectory()));
  const opened = await openDatabase(given ?? undefined, createLog("sample:remove"));
  const db = createDatabase(opened.url, { max: 2 });
  try {
    // a database without tables has no sample either
    const removed = (await isMigrated(opened.url)) && (await removeSample(db));
    process.stdout.write(
      removed ? "The sample is removed and will not come back.\n" : "There is no sample to remove.\n",
    );
  } finally {
    await db.$disconnect();
    await opened.stop(STOP_WITHIN);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = 1;
}
