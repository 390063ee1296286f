import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";

import type { withSchemaEngine } from "./schema-engine.ts";

type Engine = Parameters<Parameters<typeof withSchemaEngine>[1]>[0];
type MigrationList = Parameters<Engine["applyMigrations"]>[0]["migrationsList"];
type Diagnosis = Awaited<ReturnType<Engine["diagnoseMigrationHistory"]>>;

const DIRECTORY = join(import.meta.dirname, "../../prisma/migrations");
const NO_FILTERS = { externalTables: [], externalEnums: [] };

// any number that no other program locks in the same database: "gatewatc" in ASCII
const LOCK = "7449355575143592035";
const LOCK_TIMEOUT = 120_000;

export interface MigrateOptions {
  /** Where the migrations lie. Default: the ones of this version of Gatewatch. */
  readonly directory?: string;
}

/**
 * Brings the database to the schema of this code. Any number of processes may call it at once:
 * one applies, the others wait and find nothing left to do.
 *
 * @returns names of the migrations applied by this call, oldest first
 * @throws GatewatchError DATABASE_NEWER when the database knows migrations that the code does not
 * @throws GatewatchError MIGRATION_FAILED when one failed, earlier or now, or was edited since
 */
export async function migrate(connectionString: string, options: MigrateOptions = {}): Promise<string[]> {
  if (await isMigrated(connectionString, options)) return [];
  const migrationsList = await readMigrations(options.directory ?? DIRECTORY);
  // the engine takes 100 MB, which a process that finds nothing to do need not spend
  const { withSchemaEngine } = await import("./schema-engine.ts");
  return withLock(connectionString, () =>
    withSchemaEngine(connectionString, (engine) => applyMissing(engine, migrationsList)),
  );
}

async function applyMissing(engine: Engine, migrationsList: MigrationList): Promise<string[]> {
  const diagnosis = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
  refuseWhatCannotBeMigrated(diagnosis);
  if (diagnosis.history === null) return [];
  try {
    const applied = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
    return applied.appliedMigrationNames;
  } catch (cause) {
    throw new GatewatchError("MIGRATION_FAILED", `The database could not be migrated: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/**
 * Whether the database has had exactly the migrations of this code, unchanged. One query; needs no
 * right to change the schema.
 */
export async function isMigrated(connectionString: string, options: MigrateOptions = {}): Promise<boolean> {
  const { migrationDirectories } = await readMigrations(options.directory ?? DIRECTORY);
  const expected = migrationDirectories.map(
    ({ path, migrationFile: { content } }) => `${path} ${sha256(content.value)}`,
  );
  return withClient(connectionString, async (client) => {
    const { rows: tables } = await client.query<{ there: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there",
    );
    if (tables[0]?.there !== true) return false;
    const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
    );
    const found = rows.map(({ name, checksum, finished }) => `${name} ${finished ? checksum : "unfinished"}`);
    return found.join("\n") === expected.join("\n");
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

// the engine's messages run over many lines: the database's own words, then its call stack
function reasonOf(error: unknown): string {
  const text = messageOf(error);
  const said = /ERROR:\s*([^\n]+)/.exec(text)?.[1] ?? text.split("\n")[0] ?? text;
  const name = /migration_name="([^"]+)"/.exec(text)?.[1];
  return name === undefined ? said : `${name}: ${said}`;
}

function refuseWhatCannotBeMigrated({
  failedMigrationNames,
  editedMigrationNames,
  history,
}: Diagnosis): void {
  if (history !== null && "unpersistedMigrationNames" in history) {
    throw new GatewatchError(
      "DATABASE_NEWER",
      `The database is newer than this version of Gatewatch (it has had ${history.unpersistedMigrationNames.join(", ")}): start the version that it belongs to, or a later one`,
    );
  }
  if (failedMigrationNames.length > 0) {
    throw new GatewatchError(
      "MIGRATION_FAILED",
      `An earlier migration of the database failed half-way (${failedMigrationNames.join(", ")}): restore a backup, or repair it by hand and delete its row from _prisma_migrations`,
    );
  }
  if (editedMigrationNames.length > 0) {
    throw new GatewatchError(
      "MIGRATION_FAILED",
      `A migration was changed after this database had it (${editedMigrationNames.join(", ")}): put the file back and write a new migration instead`,
    );
  }
}

async function readMigrations(baseDir: string): Promise<MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  const lockfile = await readFile(join(baseDir, "migration_lock.toml"), "utf8");
  const migrationDirectories = await Promise.all(
    names.map(async (path) => {
      const value = await readFile(join(baseDir, path, "migration.sql"), "utf8");
      return { path, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } } };
    }),
  );
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: lockfile },
    shadowDbInitScript: "",
    migrationDirectories,
  };
}

async function withLock<T>(connectionString: string, work: () => Promise<T>): Promise<T> {
  return withClient(connectionString, async (client) => {
    await acquire(client);
    return work();
  });
}

async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // the lock goes with its connection; the statement that runs then reports it
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

// Asked for again and again, not waited for: a waiting statement holds a snapshot, which would
// block a CREATE INDEX CONCURRENTLY in the very migration that it waits for.
async function acquire(client: Client): Promise<void> {
  const deadline = Date.now() + LOCK_TIMEOUT;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      "SELECT pg_try_advisory_lock($1::bigint) AS locked",
      [LOCK],
    );
    if (rows[0]?.locked === true) return;
    if (Date.now() >= deadline) {
      throw new GatewatchError(
        "MIGRATION_FAILED",
        "Another process has been migrating the database for two minutes: look what it is doing, then start again",
      );
    }
    await sleep(100);
  }
}
