import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { isMigrated, migrate } from "#lib/store/migrate.ts";
import { createTestDatabaseUrl, dropTestDatabase } from "#tests/support/database.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { runProgram } from "#tests/support/run-program.ts";

const MIGRATIONS = join(import.meta.dirname, "../../../prisma/migrations");

let url: string;
let scratch: Awaited<ReturnType<typeof makeTestDirectory>>;

beforeAll(async () => {
  scratch = await makeTestDirectory();
});
afterAll(() => scratch.remove());
beforeEach(async () => {
  url = await createTestDatabaseUrl({ empty: true });
});
afterEach(() => dropTestDatabase(url));

/** The project's migrations and one more, with this SQL. */
async function withAnother(name: string, sql: string): Promise<string> {
  const directory = join(scratch.path, name);
  await cp(MIGRATIONS, directory, { recursive: true });
  await mkdir(join(directory, `29990101000000_${name}`));
  await writeFile(join(directory, `29990101000000_${name}`, "migration.sql"), sql);
  return directory;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("several processes at once: one applies, the others find nothing to do", async () => {
  const programs = Array.from({ length: 3 }, () =>
    runProgram("tests/support/programs/migrator.ts", { args: [url] }),
  );
  expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const applied = programs
    .map(({ lines }) => JSON.parse(lines[0] ?? "null") as string[])
    .filter((names) => names.length > 0);
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  expect(applied).toEqual([
    entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted(),
  ]);
  expect(await isMigrated(url)).toBe(true);
  expect(await query("SELECT count(*)::int AS n FROM public_state")).toEqual([{ n: 1 }]);
});

test("a database that is newer than the code is refused and left alone", async () => {
  const newer = await withAnother("newer", "CREATE TABLE from_the_future (id integer);");
  await migrate(url, { directory: newer });
  expect(await isMigrated(url)).toBe(false);
  await expect(migrate(url)).rejects.toMatchObject({
    code: "DATABASE_NEWER",
    message: expect.stringContaining("29990101000000_newer"),
  });
  expect(await query("SELECT to_regclass('from_the_future') IS NOT NULL AS there")).toEqual([
    { there: true },
  ]);
});

test("a migration that fails leaves nothing of itself behind, and is named at the next start", async () => {
  const broken = await withAnother(
    "broken",
    "CREATE TABLE half_done (id integer);\nSELECT no_such_function();",
  );
  await expect(migrate(url, { directory: broken })).rejects.toMatchObject({
    code: "MIGRATION_FAILED",
    message: expect.stringMatching(/29990101000000_broken: function no_such_function\(\) does not exist/),
  });
  expect(await query("SELECT to_regclass('half_done') IS NULL AS gone")).toEqual([{ gone: true }]);
  await expect(migrate(url, { directory: broken })).rejects.toMatchObject({
    code: "MIGRATION_FAILED",
    message: expect.stringMatching(/failed half-way \(29990101000000_broken\)/),
  });
});

test("a migration that was edited after it had been applied is refused", async () => {
  const directory = await withAnother("edited", "CREATE TABLE one (id integer);");
  await migrate(url, { directory });
  await writeFile(
    join(directory, "29990101000000_edited", "migration.sql"),
    "CREATE TABLE two (id integer);",
  );
  await expect(migrate(url, { directory })).rejects.toMatchObject({
    code: "MIGRATION_FAILED",
    message: expect.stringMatching(/was changed after this database had it \(29990101000000_edited\)/),
  });
});

test("semicolons in comments and functions do not cut a statement", async () => {
  const sql = `-- one; two
    CREATE FUNCTION answer() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 42; END; $$;`;
  await migrate(url, { directory: await withAnother("semicolons", sql) });
  expect(await query("SELECT answer()")).toEqual([{ answer: 42 }]);
});
