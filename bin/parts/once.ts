// Work of `npm start` that is done once, in a process that ends with it: the schema engine and
// the password hash take memory that the supervisor would keep for as long as it runs.
import { databaseUrl, readEnvironment } from "#lib/config/env.ts";
import { applicationSecret } from "#lib/embedded/data-directory.ts";
import { migrate } from "#lib/store/migrate.ts";
import { runService } from "#lib/supervise/run-service.ts";

import { welcomeOwner } from "./owner.ts";

const JOBS: Readonly<Record<string, () => Promise<string>>> = {
  migrate: async () => (await migrate(databaseUrl())).join(", "),
  welcome: async () => {
    const environment = readEnvironment();
    return (await welcomeOwner(databaseUrl(), environment, await applicationSecret())) ?? "";
  },
};

await runService(async () => {
  const job = JOBS[process.argv[2] ?? ""];
  if (job === undefined) throw new Error(`no such job: ${process.argv[2]}`);
  return { detail: await job(), stop: async () => {} };
});
