import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { createTestDatabaseUrl, dropTestDatabase } from "#tests/support/database.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { runProgram } from "#tests/support/run-program.ts";

import { listenOn } from "../../../bin/parts/port.ts";

let directory: Awaited<ReturnType<typeof makeTestDirectory>>;
let taken: Server;
let takenPort: number;

beforeAll(async () => {
  directory = await makeTestDirectory();
  taken = createServer();
  takenPort = await listenOn(taken, "127.0.0.1", 0);
});

afterAll(async () => {
  taken.close();
  await directory.remove();
});

/** Starts with these variables and returns what went to standard error, one line without its end. */
async function complaintOf(env: Record<string, string>, file = "bin/start.ts"): Promise<string> {
  const program = runProgram(file, {
    env: { GATEWATCH_DATA_DIR: directory.path, HOST: "127.0.0.1", PORT: "0", ...env },
  });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toMatch(/^[^\n]+\n$/);
  return program.stderr().trim();
}

function templateUrl(change: (url: URL) => void): string {
  const url = new URL(inject("templateUrl"));
  change(url);
  return url.href;
}

describe("each start error is one sentence that names what to change", () => {
  test("a variable that is wrong", async () => {
    expect(await complaintOf({ PORT: "http" })).toMatch(/^PORT: .*number/);
    expect(await complaintOf({ GATEWATCH_REGION: "Not A Region" })).toMatch(
      /^GATEWATCH_REGION: takes lower-case/,
    );
  });

  test("a port that is taken, an address that is not ours", async () => {
    const complaint = await complaintOf({ PORT: String(takenPort) });
    expect(complaint).toMatch(new RegExp(`^PORT: ${takenPort} is taken on 127\\.0\\.0\\.1; .*set PORT`));
    expect(await complaintOf({ HOST: "192.0.2.1" })).toMatch(
      /^HOST: 192\.0\.2\.1 is no address of this machine/,
    );
  });

  test("a database that cannot be reached, or not like this; the password stays out of it", async () => {
    const nobody = templateUrl((url) => (url.port = "1"));
    expect(await complaintOf({ DATABASE_URL: nobody })).toMatch(
      /^DATABASE_URL: nothing answers at 127\.0\.0\.1:1; /,
    );

    const stranger = templateUrl((url) => (url.password = "not-the-password"));
    const refused = await complaintOf({ DATABASE_URL: stranger });
    expect(refused).toMatch(/^DATABASE_URL: .* does not accept user gatewatch with this password/);
    expect(refused).not.toContain("not-the-password");

    const nameless = templateUrl((url) => (url.pathname = "/nowhere"));
    expect(await complaintOf({ DATABASE_URL: nameless })).toMatch(
      /^DATABASE_URL: .* has no database nowhere; create it/,
    );
    expect(await complaintOf({ DATABASE_URL: "mysql://localhost/x" })).toMatch(
      /^DATABASE_URL: must begin with postgresql:/,
    );
  });

  test("a gatewatch.yaml that is wrong names file and line, and nothing is started", async () => {
    const file = join(directory.path, "gatewatch.yaml");
    await writeFile(file, "page: { name: Example }\ncomponents:\n  - nmae: API\n");
    expect(await complaintOf({ GATEWATCH_CONFIG: file })).toMatch(/gatewatch\.yaml:3/);
    expect(await complaintOf({ GATEWATCH_CONFIG: `${file}.missing` })).toMatch(/gatewatch\.yaml\.missing/);
  });

  test("a data directory that cannot be made", async () => {
    const file = join(directory.path, "a-file");
    await writeFile(file, "");
    expect(await complaintOf({ GATEWATCH_DATA_DIR: `${file}/data` })).toMatch(
      /^GATEWATCH_DATA_DIR: .*cannot be used/,
    );
  });

  test("a worker alone, without a database and with one that is newer than the code", async () => {
    expect(await complaintOf({}, "bin/worker.ts")).toMatch(/^DATABASE_URL is not set/);
    const url = await createTestDatabaseUrl();
    try {
      await insertMigration(url, "29990101000000_from_the_future");
      expect(await complaintOf({ DATABASE_URL: url }, "bin/worker.ts")).toMatch(
        /^The database is newer than this version/,
      );
    } finally {
      await dropTestDatabase(url);
    }
  });
}, 60_000);

async function insertMigration(connectionString: string, name: string): Promise<void> {
  const { Client } = await import("pg");
  const client = new Client({ connectionString });
  await client.connect();
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
     VALUES (gen_random_uuid()::text, repeat('0', 64), now(), $1, 1)`,
    [name],
  );
  await client.end();
}
