import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Log } from "#lib/base/log.ts";
import { listenForPublicChanges } from "#lib/store/listen.ts";
import { bumpPublicVersion, readPublicVersion } from "#lib/store/public-version.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("hears of each committed change, and after a lost connection of what happened meanwhile", async () => {
  const { db, url } = database;
  const versions: bigint[] = [];
  const listener = listenForPublicChanges({
    connectionString: url,
    onVersion: (version) => versions.push(version),
    log: quiet,
  });
  try {
    await listener.listening;
    const start = await readPublicVersion(db);
    expect(versions).toEqual([start]);

    await bumpPublicVersion(db);
    await expect.poll(() => versions.at(-1)).toBe(start + 1n);

    const failed = db.$transaction(async (tx) => {
      await bumpPublicVersion(tx);
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");

    // the server ends the connection, and something changes before there is another
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%public_state%' AND pid <> pg_backend_pid() AND application_name = 'gatewatch-changes'",
    );
    await client.query("UPDATE public_state SET version = version + 1");
    await client.end();
    await expect.poll(() => versions.at(-1), { timeout: 10_000 }).toBe(start + 2n);
    expect(versions).toEqual([start, start + 1n, start + 2n]);
  } finally {
    await listener.stop();
  }
});
