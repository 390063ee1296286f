// Everything in one command: `npm start`. The steps stand below in their order.
import { join } from "node:path";

import { createLog } from "#lib/base/log.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { applicationSecret, dataDirectory } from "#lib/embedded/data-directory.ts";
import { isMigrated } from "#lib/store/migrate.ts";
import { runOnce } from "#lib/supervise/node-service.ts";
import { runSupervisor } from "#lib/supervise/run-supervisor.ts";

import { build, buildIsMissing } from "./parts/build.ts";
import { startWebAndWorker } from "./parts/children.ts";
import { hasConfigFile } from "./parts/config-file.ts";
import { openDatabase } from "./parts/database.ts";
import { greeting } from "./parts/greeting.ts";
import { program } from "./parts/paths.ts";
import { reservePort } from "./parts/port.ts";
import { withProgress } from "./parts/progress.ts";

const dev = process.argv.includes("--dev");
const log = createLog("start");

await runSupervisor(async ({ signal, onStop }) => {
  const environment = readEnvironment();
  const configured = await hasConfigFile(environment);
  const port = await reservePort(environment.HOST, environment.PORT);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: dev ? "development" : "production",
    PORT: String(port),
    GATEWATCH_DATA_DIR: dataDirectory(),
    // without it each process strips the types of every file anew: 25 MB and half its start time
    NODE_COMPILE_CACHE: join(dataDirectory(), "compile-cache"),
    // glibc gives every thread a heap of its own, which it seldom gives back: 10 MB in each process
    MALLOC_ARENA_MAX: process.env["MALLOC_ARENA_MAX"] ?? "2",
    GATEWATCH_SECRET: await applicationSecret(),
  };
  const once = (...jobs: string[]): Promise<string> =>
    runOnce({
      name: jobs.join(", "),
      file: program("parts/once.ts"),
      args: jobs,
      env,
      startWithinMs: 600_000,
    });
  if (configured) await once("check-config");

  const opening = environment.DATABASE_URL === undefined ? "Starting PostgreSQL" : "Reaching the database";
  const database = await withProgress(opening, () => openDatabase(environment.DATABASE_URL, log));
  onStop(database.stop);
  env["DATABASE_URL"] = database.url;
  signal.throwIfAborted();

  if (!(await isMigrated(database.url))) await withProgress("Preparing the database", () => once("migrate"));
  signal.throwIfAborted();
  if (!dev && (await buildIsMissing())) {
    await withProgress("Building the pages, as always after a change", () => build(signal));
  }

  let link = "";
  let sample = false;
  const prepare = async (): Promise<boolean> => {
    const said = await once("welcome", ...(database.embedded ? ["sample"] : []));
    link = said.split("\n")[0] ?? "";
    sample = said.split("\n")[1] === "on";
    return sample;
  };
  const children = await withProgress("Starting web and worker", () =>
    startWebAndWorker({ dev, prepare, env, log }),
  );
  onStop(children.stop);
  signal.throwIfAborted();
  process.stdout.write(greeting({ environment, port, link, embedded: database.embedded, sample }));
});
