import { inject } from "vitest";

import { createDatabase, type Database } from "#lib/store/client.ts";

import { copyDatabase, dropTestDatabase } from "./database-copies.ts";

export { dropTestDatabase } from "./database-copies.ts";

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
  return copyDatabase(inject("templateUrl"), options.empty === true ? "template0" : undefined);
}
