// A worker process: looks at what is due in its region. Any number of them may work on one database.
// oxlint-disable import/no-unassigned-import -- these two must run before the others are loaded
import "./parts/threads.ts";
import "./parts/memory.ts";
// oxlint-enable import/no-unassigned-import

import { createLog } from "#lib/base/log.ts";
import { startCatalogSync } from "#lib/catalog/sync.ts";
import { databaseUrl, readEnvironment } from "#lib/config/env.ts";
import { targetResolver } from "#lib/config/placeholders.ts";
import { diagnoseEpisodes } from "#lib/diagnose/diagnose-episodes.ts";
import { advanceMaintenances } from "#lib/maintenance/advance.ts";
import { openPipeline } from "#lib/pipeline.ts";
import { runSample } from "#lib/sample/run.ts";
import { startWorker } from "#lib/schedule/worker.ts";
import { database } from "#lib/store/client.ts";
import { createUpstreamPoll } from "#lib/upstream/poll.ts";
import { runService } from "#lib/supervise/run-service.ts";

import packageJson from "../package.json" with { type: "json" };
import { prepareProcess } from "./parts/prepare.ts";

const log = createLog("worker");
// the sample's servers live in the same process: one of their own would take 100 MB for a few answers
const withSample = process.argv.includes("--sample");

await runService(async () => {
  await prepareProcess();
  const environment = readEnvironment();
  const db = database();
  const catalog = await startCatalogSync({ database: db, log, configured: environment.GATEWATCH_CONFIG });
  const sample = withSample ? await runSample(db) : undefined;
  void sample?.removed.then(() => sample.stop());
  const upstreams = createUpstreamPoll(db);
  const worker = await startWorker({
    database: db,
    connectionString: databaseUrl(),
    region: environment.GATEWATCH_REGION,
    retentionDays: environment.GATEWATCH_RETENTION_DAYS,
    version: packageJson.version,
    openPipeline: (region) => openPipeline({ database: db, region, log, resolveTarget: targetResolver() }),
    chores: [
      { name: "advance-maintenances", everySeconds: 2, run: () => advanceMaintenances(db, new Date()) },
      { name: "diagnose-episodes", everySeconds: 10, run: () => diagnoseEpisodes(db, new Date(), "due") },
      { name: "ask-providers", everySeconds: 60, run: (signal) => upstreams.run(signal) },
    ],
    log,
  });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // no more looks at the sample's servers before they go
    await Promise.all([worker.stop(), catalog.stop()]);
    await sample?.stop();
    await db.$disconnect();
  };
  // its own limits are shorter than any that a caller sets, and hurrying it would lose results
  return { stop: () => (stopped ??= stop()) };
});
