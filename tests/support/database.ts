import { randomBytes } from "node:crypto";

import { Client } from "pg";
import { inject } from "vitest";

import { createDatabase, type Database } from "#lib/store/client.ts";

export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  /** Closes `db` and removes the database, also when others are still connected to it. */
  drop(): Promise<void>;
}

/**
 * A database of the caller's own: a copy of the migrated template, made in about 50 ms. Call it
 * in `beforeAll` and `drop()` in `afterAll`; `db` keeps at most four connections.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = await createTestDatabaseUrl();
  const db = createDatabase(url, { max: 4 });
  return {
    url,
    db,
    drop: async () => {
      await db.$disconnect();
      await dropTestDatabase(url);
    },
  };
}

/**
 * Only the database, without a client. `empty`: with nothing in it, not even a schema.
 * The caller removes it with `dropTestDatabase`.
 */
export async function createTestDatabaseUrl(options: { empty?: boolean } = {}): Promise<string> {
  const templateUrl = inject("templateUrl");
  const template = options.empty === true ? "template0" : databaseOf(templateUrl);
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(templateUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return withDatabase(templateUrl, name);
}

export async function dropTestDatabase(url: string): Promise<void> {
  await administer(url, `DROP DATABASE IF EXISTS ${databaseOf(url)} WITH (FORCE)`);
}

/** Closes a database to connections: one that is connected to cannot be copied. */
export async function templateOf(url: string): Promise<void> {
  const name = databaseOf(url);
  await administer(url, `ALTER DATABASE ${name} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(url, "postgres") });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
