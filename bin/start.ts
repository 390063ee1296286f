// Everything in one command: `npm start`. The steps stand below in their order.
import { createLog } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { applicationSecret, dataDirectory } from "#lib/embedded/data-directory.ts";
import { isMigrated } from "#lib/store/migrate.ts";
import { runOnce } from "#lib/supervise/node-service.ts";
import { runSupervisor } from "#lib/supervise/run-supervisor.ts";

import { build, buildIsMissing } from "./parts/build.ts";
import { startChildren } from "./parts/children.ts";
import { openDatabase } from "./parts/database.ts";
import { greeting } from "./parts/greeting.ts";
import { program } from "./parts/paths.ts";
import { reservePort } from "./parts/port.ts";
import { withProgress } from "./parts/progress.ts";

const dev = process.argv.includes("--dev");
const log = createLog("start");

await runSupervisor(async ({ signal, onStop }) => {
  const environment = readEnvironment();
  const port = await reservePort(environment.HOST, environment.PORT);
  const secret = await applicationSecret();

  const opening = environment.DATABASE_URL === undefined ? "Starting PostgreSQL" : "Reaching the database";
  const database = await withProgress(opening, () => openDatabase(environment.DATABASE_URL, log));
  onStop(database.stop);
  signal.throwIfAborted();

  const env = {
    ...process.env,
    NODE_ENV: dev ? ("development" as const) : ("production" as const),
    DATABASE_URL: database.url,
    GATEWATCH_SECRET: secret,
    GATEWATCH_DATA_DIR: dataDirectory(),
    PORT: String(port),
  };
  const once = (job: string): Promise<string> =>
    runOnce({ name: job, file: program("parts/once.ts"), args: [job], env, startWithinMs: 600_000 });

  if (!(await isMigrated(database.url))) await withProgress("Preparing the database", () => once("migrate"));
  signal.throwIfAborted();
  if (!dev && (await buildIsMissing())) {
    await withProgress("Building the pages, as always after a change", () => build(signal));
  }

  const welcomed = once("welcome");
  // awaited once the children run; that it has failed until then is no unhandled rejection
  welcomed.catch(() => {});
  const children = await withProgress("Starting web and worker", () => startChildren({ dev, env, log }));
  onStop(children.stop);
  signal.throwIfAborted();
  process.stdout.write(greeting({ environment, port, link: await welcomed, embedded: database.embedded }));
});
