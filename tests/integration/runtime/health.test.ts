import { createServer, type Server, type Socket } from "node:net";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { createDatabase } from "#lib/store/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

import { listenOn } from "../../../bin/parts/port.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** The route as it answers on this database. */
async function askHealth(
  url: string,
): Promise<{ status: number; cache: string | null; body: Record<string, unknown> }> {
  vi.resetModules();
  vi.stubEnv("DATABASE_URL", url);
  const db = createDatabase(url, { max: 2 });
  const slot = globalThis as { [key: symbol]: unknown };
  slot[Symbol.for("gatewatch.database")] = db;
  try {
    const { GET } = await import("../../../app/api/health/route.ts");
    const response = await GET();
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, cache: response.headers.get("cache-control"), body };
  } finally {
    delete slot[Symbol.for("gatewatch.database")];
    vi.unstubAllEnvs();
    void db.$disconnect();
  }
}

test("503 while no worker looks, 200 once one reports, never cached", async () => {
  const before = await askHealth(database.url);
  expect(before).toMatchObject({
    status: 503,
    cache: "no-store",
    body: {
      status: "unavailable",
      reason: "no worker has reported yet",
      database: "ok",
      worker: { lastResultAt: null },
    },
  });

  const region = await database.db.region.create({ data: { name: "here" } });
  const now = new Date();
  const worker = {
    hostname: "host",
    pid: 1,
    version: "0",
    startedAt: now,
    lastSeenAt: now,
    regionId: region.id,
  };
  await database.db.workerSighting.create({
    data: { id: "01890000-0000-7000-8000-000000000000", ...worker },
  });
  const after = await askHealth(database.url);
  expect(after).toMatchObject({
    status: 200,
    body: { status: "ok", database: "ok", worker: { lastResultAt: null } },
  });
  expect(after.body["version"]).toMatch(/^\d+\.\d+\.\d+/);
});

test("503 in less than two seconds when the database is away, and when it hangs", async () => {
  expect(await askHealth("postgresql://a:b@127.0.0.1:1/c")).toMatchObject({
    status: 503,
    body: { database: "unreachable" },
  });

  const sockets = new Set<Socket>();
  // accepts and never says a word
  const silent: Server = createServer((socket) => sockets.add(socket));
  const port = await listenOn(silent, "127.0.0.1", 0);
  const began = performance.now();
  expect(await askHealth(`postgresql://a:b@127.0.0.1:${port}/c`)).toMatchObject({
    status: 503,
    body: { reason: "the database does not answer", database: "unreachable" },
  });
  expect(performance.now() - began).toBeLessThan(2_500);
  for (const socket of sockets) socket.destroy();
  silent.close();
});
