import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { prepareCluster } from "#lib/embedded/cluster.ts";
import { startServer } from "#lib/embedded/server.ts";
import { migrate } from "#lib/store/migrate.ts";
import { createTestDatabaseUrl, dropTestDatabase } from "#tests/support/database.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";

import { eventually } from "./house.ts";
import { openRegion, someLooks, type Region } from "./region.ts";

/** Both have looks in this window; what happens next counts from one interval before. */
async function whenShared(region: Region): Promise<number> {
  await region.sharing();
  return Date.now() - 2_000;
}

// each waits for windows of ten seconds most of the time
describe.concurrent("two workers of one region lose no more than one look of a check, and count none twice", () => {
  it("when one is killed", { timeout: 90_000 }, async () => {
    const url = await createTestDatabaseUrl();
    const region = await openRegion(url);
    try {
      const from = await whenShared(region);
      region.workers[0].child.kill("SIGKILL");
      await someLooks(4);
      await region.expectNothingLost(from);
    } finally {
      await region.close();
      await dropTestDatabase(url);
    }
  });

  it("when one stands still, and when it wakes up", { timeout: 90_000 }, async () => {
    const url = await createTestDatabaseUrl();
    const region = await openRegion(url);
    try {
      const from = await whenShared(region);
      region.workers[0].child.kill("SIGSTOP");
      await someLooks(3);
      region.workers[0].child.kill("SIGCONT");
      await eventually("it to notice", async () => region.workers[0].stderr().includes("stood still"));
      await someLooks(4);
      await region.expectNothingLost(from);
    } finally {
      await region.close();
      await dropTestDatabase(url);
    }
  });

  it("when the database restarts", { timeout: 90_000 }, async () => {
    const directory = await makeTestDirectory();
    const cluster = await prepareCluster(directory.path, "none");
    let server = await startServer(cluster);
    await migrate(server.url);
    const region = await openRegion(server.url);
    try {
      const from = await whenShared(region);
      await server.stop();
      await sleep(500);
      server = await startServer(cluster, server.port);
      await someLooks(4);
      await region.expectNothingLost(from);
      expect(region.workers.map((worker) => worker.child.exitCode)).toEqual([null, null]);
    } finally {
      await region.close();
      await server.stop();
      await rm(directory.path, { recursive: true, force: true });
    }
  });
});
