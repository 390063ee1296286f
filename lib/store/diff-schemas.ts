import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";

import { withSchemaEngine } from "./schema-engine.ts";

const MIGRATIONS = join(import.meta.dirname, "../../prisma/migrations");
const SNAPSHOT = "schema.prisma";

/**
 * The SQL that leads from one Prisma schema to another.
 *
 * Both are read from their text alone. The schema engine that runs here cannot read a live
 * database, so what a migration adds by hand is neither seen nor undone.
 *
 * @param connectionString of any database; it is not changed
 * @param before text of the older schema; undefined: an empty database
 * @param after text of the newer schema
 * @throws GatewatchError INPUT_INVALID when one of them is not a schema
 */
export async function diffSchemas(
  connectionString: string,
  before: string | undefined,
  after: string,
): Promise<string> {
  return withSchemaEngine(connectionString, async (engine) => {
    try {
      const { stdout } = await engine.diff({
        from: before === undefined ? { tag: "empty" } : asTarget(before),
        to: asTarget(after),
        script: true,
        exitCode: null,
        filters: { externalTables: [], externalEnums: [] },
      });
      return stdout ?? "";
    } catch (cause) {
      throw new GatewatchError("INPUT_INVALID", `The schemas cannot be compared: ${messageOf(cause)}`, {
        cause,
      });
    }
  });
}

function asTarget(content: string) {
  return { tag: "schemaDatamodel" as const, files: [{ path: SNAPSHOT, content }], configDir: "" };
}

/** The copy of `schema.prisma` in the newest migration directory: what the migrations lead to. */
export async function latestSnapshot(): Promise<{ file: string; text: string }> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const latest = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .at(-1);
  if (latest === undefined) throw new Error("there is no migration");
  const file = join(MIGRATIONS, latest, SNAPSHOT);
  return { file, text: await readFile(file, "utf8") };
}
