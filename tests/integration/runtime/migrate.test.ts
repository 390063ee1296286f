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

/** The migrations of the first release, as they lie there. */
async function firstRelease(): Promise<string> {
  const directory = join(scratch.path, "first-release");
  const init = "20261122000000_init";
  await cp(join(MIGRATIONS, init), join(directory, init), { recursive: true });
  await cp(join(MIGRATIONS, "migration_lock.toml"), join(directory, "migration_lock.toml"));
  return directory;
}

const [COMPONENT, CHECK, EPISODE] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`);

/** Looks of a day, what is believed of them and an episode, as the first release wrote them. */
const LIVED_IN = `
  CREATE TABLE results_20261123 PARTITION OF results FOR VALUES FROM ('2026-11-23T00:00Z') TO ('2026-11-24T00:00Z');
  CREATE TABLE evidence_20261123 PARTITION OF evidence FOR VALUES FROM ('2026-11-23T00:00Z') TO ('2026-11-24T00:00Z');
  INSERT INTO regions (id, name) VALUES (1, 'local');
  INSERT INTO components (id, slug, name, updated_at) VALUES ('${COMPONENT}', 'api', 'API', now());
  INSERT INTO checks (id, number, component_id, name, kind, target, interval_ms, timeout_ms, updated_at)
    VALUES ('${CHECK}', 1, '${COMPONENT}', 'door', 'http', '{}', 10000, 1000, now());
  INSERT INTO results SELECT at, 1, 1, n % 18, 200, -1, 1, -1, 2, 3
    FROM generate_series('2026-11-23T00:00Z'::timestamptz, '2026-11-23T01:00Z', '1 s') WITH ORDINALITY AS t(at, n);
  INSERT INTO evidence VALUES ('2026-11-23T00:00:02Z', 1, 1, 'nginx', '{"outcome": "bad_gateway"}');
  INSERT INTO check_states VALUES (1, 1, 'down', 16, '2026-11-23T00:30Z', '2026-11-23T01:00Z', 17);
  INSERT INTO rollup_days VALUES (1, 1, '2026-11-23T00:00Z', 18, array_fill(1, ARRAY[18]), ARRAY[18], 54);
  INSERT INTO error_episodes (id, component_id, check_id, outcome, started_at, checks, failures, regions)
    VALUES ('${EPISODE}', '${COMPONENT}', '${CHECK}', 2, '2026-11-23T00:30Z', 2, 2, ARRAY['local']);`;

test("a database that was lived in is brought along, with all that is in it", async () => {
  await migrate(url, { directory: await firstRelease() });
  await query(LIVED_IN);
  expect(await migrate(url)).toEqual(["20261124000000_diagnosis"]);
  expect(await isMigrated(url)).toBe(true);

  expect(await query("SELECT count(*)::int AS n, max(outcome)::int AS outcome FROM results")).toEqual([
    { n: 3_601, outcome: 17 },
  ]);
  expect(await query("SELECT quorum FROM checks")).toEqual([{ quorum: "majority" }]);
  expect(await query("SELECT answered_by, diagnosed_at, votes FROM error_episodes")).toEqual([
    { answered_by: null, diagnosed_at: null, votes: null },
  ]);
  // days that were there before have the new indexes as well
  const indexes = await query(
    `SELECT tablename, count(*)::int AS n FROM pg_indexes WHERE tablename LIKE '%\\_20261123' GROUP BY 1 ORDER BY 1`,
  );
  expect(indexes).toEqual([
    { tablename: "evidence_20261123", n: 2 },
    { tablename: "results_20261123", n: 2 },
  ]);
  // and take what the new kinds come to, beside counts that knew fewer outcomes
  await query(`
    INSERT INTO results VALUES ('2026-11-23T02:00Z', 1, 1, 21, -1, -1, 1, -1, 2, 3);
    UPDATE check_states SET health = 'partial', outcome = 18, last_outcome = 18;
    UPDATE error_episodes SET outcome = 20;
    UPDATE rollup_days SET outcomes = add_counts(outcomes, array_fill(1, ARRAY[22]));`);
  const [day] = await query("SELECT outcomes FROM rollup_days");
  expect(day?.["outcomes"]).toEqual([...Array.from({ length: 18 }, () => 2), 1, 1, 1, 1]);
  await expect(query("UPDATE check_states SET outcome = 64")).rejects.toThrow(/outcome_range/);
});

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
