import { databaseUrl, readEnvironment } from "#lib/config/env.ts";
import { applicationSecret } from "#lib/embedded/data-directory.ts";
import { migrate } from "#lib/store/migrate.ts";
import { requireDatabase } from "#lib/store/reach.ts";

/**
 * What a web or worker process needs before it begins, also when it was started alone: variables
 * that are right, a database that answers and has this code's schema, and a secret.
 *
 * @throws GatewatchError with one sentence that says what to do
 */
export async function prepareProcess({ dev = false }: { dev?: boolean } = {}): Promise<void> {
  readEnvironment();
  // Next, React and others choose their build by it when they are loaded
  Object.assign(process.env, { NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  const url = databaseUrl();
  await requireDatabase(url);
  await migrate(url);
  process.env["GATEWATCH_SECRET"] = await applicationSecret();
}
