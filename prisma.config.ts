import { defineConfig } from "prisma/config";

// The schema engine is a download that an offline machine cannot make. `generate` and
// `validate` only look the path up and never run it; migrations go through bin/migrate.ts.
process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
