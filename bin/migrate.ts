// Brings the database of DATABASE_URL to the schema of this code: `npm run db:migrate`.
import { databaseUrl } from "#lib/config/env.ts";
import { migrate } from "#lib/store/migrate.ts";
import { requireDatabase } from "#lib/store/reach.ts";
import { sentence } from "#lib/supervise/sentence.ts";

try {
  const url = databaseUrl();
  await requireDatabase(url);
  const applied = await migrate(url);
  console.log(applied.length === 0 ? "The database is up to date." : `Applied: ${applied.join(", ")}`);
} catch (error) {
  console.error(sentence(error));
  process.exitCode = 1;
}
