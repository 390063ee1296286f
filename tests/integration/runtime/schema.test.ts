import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { diffSchemas, latestSnapshot } from "#lib/store/diff-schemas.ts";
import { createTestDatabaseUrl, dropTestDatabase } from "#tests/support/database.ts";

const PRISMA = join(import.meta.dirname, "../../../prisma");

/** What the migrations add by hand, because Prisma's language has no words for it. */
const BY_HAND = {
  // the partial and descending ones; a primary key or unique constraint is an index, too
  indexes: [
    "checks_live_name_key",
    "component_groups_live_name_key",
    "error_episodes_open_key",
    "evidence_slot_at_idx",
    "incidents_open_idx",
    "maintenances_open_idx",
    "outbox_events_pending_idx",
    "results_slot_at_idx",
    "rollup_days_starts_at_idx",
    "rollup_hours_starts_at_idx",
    "status_spans_no_overlap",
    "status_spans_open_key",
  ],
};

let migrated: string;
let described: string;

beforeAll(async () => {
  migrated = await createTestDatabaseUrl();
  described = await createTestDatabaseUrl({ empty: true });
  const schema = await readFile(join(PRISMA, "schema.prisma"), "utf8");
  await ask(described, await diffSchemas(described, undefined, schema));
});

afterAll(async () => {
  await dropTestDatabase(migrated);
  await dropTestDatabase(described);
});

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function linesOf(url: string, sql: string): Promise<string[]> {
  return (await ask(url, sql)).map((row) => Object.values(row).join(" | "));
}

// partitions repeat what their parent says; only the parents are compared
const TABLES = `SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND NOT relispartition AND relname <> '_prisma_migrations'`;

const COLUMNS = `SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
    pg_get_expr(adbin, adrelid)
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attrelid IN (${TABLES}) AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2`;

// what an index covers, without whether its table is partitioned: that is by hand as well
const INDEXES = `SELECT indexrelid::regclass::text AS name, replace(pg_get_indexdef(indexrelid), 'ON ONLY ', 'ON ') AS definition
  FROM pg_index WHERE indrelid IN (${TABLES}) ORDER BY 1`;

const FOREIGN_KEYS = `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE contype = 'f' AND conrelid IN (${TABLES}) ORDER BY 1, 2`;

const ENUMS = `SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid ORDER BY 1, enumsortorder`;

test.each([
  ["columns, types, nullability and defaults", COLUMNS],
  ["foreign keys", FOREIGN_KEYS],
  ["enums", ENUMS],
])("migrations and schema.prisma agree on %s", async (_what, sql) => {
  const expected = await linesOf(described, sql);
  expect(expected.length).toBeGreaterThan(10);
  expect(await linesOf(migrated, sql)).toEqual(expected);
});

test("migrations and schema.prisma agree on indexes, but for those made by hand", async () => {
  const inDatabase = await ask(migrated, INDEXES);
  expect(BY_HAND.indexes.filter((name) => !inDatabase.some((index) => index["name"] === name))).toEqual([]);
  const rest = inDatabase.filter(({ name }) => !BY_HAND.indexes.includes(String(name)));
  expect(rest).toEqual(await ask(described, INDEXES));
});

test("the snapshot beside the last migration is the schema: the next db:diff starts from it", async () => {
  const schema = await readFile(join(PRISMA, "schema.prisma"), "utf8");
  const { file, text } = await latestSnapshot();
  expect(await diffSchemas(described, text, schema), `${file} differs from schema.prisma`).toMatch(
    /empty migration/i,
  );
});
