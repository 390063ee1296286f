// Work of `npm start` that is done once, in a process that ends with it: the schema engine, Prisma
// and the password hash take memory that the supervisor would keep for as long as it runs.
import { loadConfigOrFail } from "#lib/catalog/sync.ts";
import { databaseUrl, readEnvironment } from "#lib/config/env.ts";
import { applicationSecret } from "#lib/embedded/data-directory.ts";
import { settleSample } from "#lib/sample/settle.ts";
import { createDatabase, type Database } from "#lib/store/client.ts";
import { migrate } from "#lib/store/migrate.ts";
import { runService } from "#lib/supervise/run-service.ts";

import { hasConfigFile } from "./config-file.ts";
import { welcomeOwner } from "./owner.ts";

/** What each job answers is the word that the supervisor gets; empty: nothing to tell. */
const JOBS: Readonly<Record<string, () => Promise<string>>> = {
  /** Refuses a gatewatch.yaml that is wrong, before anything was changed. */
  "check-config": async () => {
    await loadConfigOrFail(readEnvironment().GATEWATCH_CONFIG);
    return "";
  },
  migrate: async () => (await migrate(databaseUrl())).join(", "),
  /** The one-time link while there is no owner. */
  welcome: () =>
    withDatabase(async (db) => (await welcomeOwner(db, readEnvironment(), await applicationSecret())) ?? ""),
  /** For an embedded database: sets the sample up, pauses its checks or removes it; `on` when there is one. */
  sample: () =>
    withDatabase(async (db) => {
      const environment = readEnvironment();
      const set = await settleSample(db, {
        embedded: true,
        configured: await hasConfigFile(environment),
        wanted: environment.GATEWATCH_SAMPLE === "on",
        region: environment.GATEWATCH_REGION,
      });
      return set ? "on" : "";
    }),
};

async function withDatabase(work: (db: Database) => Promise<string>): Promise<string> {
  const db = createDatabase(databaseUrl(), { max: 2 });
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}

await runService(async () => {
  const said: string[] = [];
  for (const name of process.argv.slice(2)) {
    const job = JOBS[name];
    if (job === undefined) throw new Error(`no such job: ${name}`);
    said.push(await job());
  }
  return { detail: said.join("\n"), stop: async () => {} };
});
