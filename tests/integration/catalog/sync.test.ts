import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import type { Log } from "#lib/base/log.ts";
import { startCatalogSync, type CatalogSync } from "#lib/catalog/sync.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let test_: TestDatabase;
let directory: string;
let path: string;
let sync: CatalogSync | undefined;
const errors: string[] = [];
const log: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (message) => errors.push(message),
};

beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gatewatch-"));
  path = join(directory, "gatewatch.yaml");
  errors.length = 0;
});
afterEach(async () => {
  await sync?.stop();
  sync = undefined;
  await rm(directory, { recursive: true });
});

const file = (name: string): string => `components:\n  - { name: ${name}, slug: only }\n`;

async function start(watch: { settleMs?: number; pollMs?: number } = {}): Promise<void> {
  // long polls: what these tests see comes from the watcher, unless they say otherwise
  sync = await startCatalogSync({
    database: test_.db,
    log,
    configured: path,
    variables: {},
    watch: { settleMs: 20, pollMs: 60_000, ...watch },
  });
}

async function becomes(name: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await test_.db.component.findUnique({ where: { slug: "only" } })).toMatchObject({ name }),
    { timeout: 8_000 },
  );
}

test("a changed file is applied without a restart, also when an editor replaces it", async () => {
  await writeFile(path, file("one"));
  await start();
  await becomes("one");
  await writeFile(path, file("two"));
  await becomes("two");
  await writeFile(`${path}.tmp`, file("three"));
  await rename(`${path}.tmp`, path);
  await becomes("three");
});

test("a swapped symbolic link is noticed, as Kubernetes mounts configuration", async () => {
  for (const version of ["1", "2"]) {
    await mkdir(join(directory, `..v${version}`));
    await writeFile(join(directory, `..v${version}`, "gatewatch.yaml"), file(`link ${version}`));
  }
  await symlink("..v1", join(directory, "..data"));
  await symlink("..data/gatewatch.yaml", path);
  await start();
  await becomes("link 1");
  await symlink("..v2", join(directory, "..data_tmp"));
  await rename(join(directory, "..data_tmp"), join(directory, "..data"));
  await becomes("link 2");
});

test("without events the file is looked at now and then", async () => {
  await writeFile(path, file("polled one"));
  await start({ settleMs: 3_600_000, pollMs: 50 });
  await writeFile(path, file("polled two"));
  await becomes("polled two");
});

test("an invalid file changes nothing and is told once; the next good one is applied", async () => {
  await writeFile(path, file("good"));
  await start({ pollMs: 50 });
  await writeFile(path, "components:\n  - { name: bad, slag: x }\n");
  await vi.waitFor(() => expect(errors).toHaveLength(1), { timeout: 8_000 });
  expect(errors[0]).toMatch(/^gatewatch\.yaml:2:18: `slag` is not a key here; did you mean `slug`\?/);
  await rm(path);
  await vi.waitFor(() => expect(errors).toHaveLength(2), { timeout: 8_000 });
  expect(errors[1]).toMatch(/there is no such file/);
  await becomes("good");
  await writeFile(path, file("better"));
  await becomes("better");
  expect(errors).toHaveLength(2);
});

test("at the start a wrong or missing file is an error", async () => {
  await expect(start()).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(/there is no such file.*GATEWATCH_CONFIG/),
  });
  await writeFile(path, "componets: []\n");
  await expect(start()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});
