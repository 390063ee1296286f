// Migrates the database that is named and prints what it applied.
import { migrate } from "#lib/store/migrate.ts";

const applied = await migrate(process.argv[2] ?? "");
process.stdout.write(JSON.stringify(applied));
