import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { HOUR } from "#lib/base/clock.ts";
import { prepareCluster } from "#lib/embedded/cluster.ts";
import { startServer } from "#lib/embedded/server.ts";
import { createDatabase } from "#lib/store/client.ts";
import { migrate } from "#lib/store/migrate.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";
import { seedHistory } from "#tests/support/seed-history.ts";

/** What has to be stopped in the end, last first. */
export type Cleanup = (() => Promise<unknown>)[];

/** A response as it went over the wire, without what every server adds for itself. */
export interface Recorded {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  /** Base64. */
  readonly body: string;
}

const ADDED_BY_NODE = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

export interface Answer extends Recorded {
  readonly bytes: number;
  /** A header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
}

/** One request, its body not decoded. */
export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const sent = request(url, { headers, agent: false });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const kept = response.rawHeaders.flatMap((name, i, raw) =>
    i % 2 === 0 && !ADDED_BY_NODE.has(name.toLowerCase()) ? [name, raw[i + 1] ?? ""] : [],
  );
  return {
    status: response.statusCode ?? 0,
    headers: kept,
    body: body.toString("base64"),
    bytes: body.length,
    header: (name) => kept[kept.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name) + 1],
  };
}

export interface BenchDatabase {
  readonly url: string;
  /** Leaves 20 components with that many days behind them, and says so to whoever listens. */
  fill(days: number): Promise<void>;
}

/** An embedded PostgreSQL with one migrated database. */
export async function startBenchDatabase(cleanup: Cleanup): Promise<BenchDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "gatewatch-bench-"));
  // as root the server runs as another user, which has to get through to its files
  await chmod(directory, 0o711);
  cleanup.push(() => rm(directory, { recursive: true, force: true }));
  const server = await startServer(await prepareCluster(directory, "none"));
  cleanup.push(() => server.stop());
  await migrate(server.url);
  const db = createDatabase(server.url);
  cleanup.push(() => db.$disconnect());
  await db.$executeRaw`ALTER SYSTEM SET autovacuum = off`;
  await db.$executeRaw`SELECT pg_reload_conf()`;
  return {
    url: server.url,
    fill: async (days) => {
      // checks and all that was measured go with their components
      await db.$transaction([
        db.incident.deleteMany(),
        db.maintenance.deleteMany(),
        db.component.deleteMany(),
        db.componentGroup.deleteMany(),
        db.region.deleteMany(),
        db.pageSettings.deleteMany(),
      ]);
      const now = Date.now();
      await seedHistory(db, { components: 20, days, now });
      // no worker runs here: without this everything would turn stale, and change, in mid-run
      await db.checkState.updateMany({ data: { lastSlotAt: new Date(now + HOUR) } });
      // the server's own housekeeping after so many writes is done now, and not beside what is measured
      await db.$executeRaw`VACUUM ANALYZE`;
      await db.$executeRaw`CHECKPOINT`;
      await bumpPublicVersion(db);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

function stopper(child: ChildProcess): () => Promise<void> {
  return async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await Promise.race([once(child, "exit"), sleep(12_000)]);
    if (child.exitCode === null) child.kill("SIGKILL");
  };
}

/** A web process as it runs in production. Resolves with its address once it answers. */
export async function startWeb(databaseUrl: string, cleanup: Cleanup): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, ["bin/web.ts"], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      HOST: "127.0.0.1",
      PORT: String(port),
      GATEWATCH_SECRET: randomBytes(24).toString("hex"),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  cleanup.push(stopper(child));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300 && child.exitCode === null; tries += 1) {
    const answer = await ask(`${url}/`).catch(() => undefined);
    if (answer?.status === 200) return url;
    await sleep(200);
  }
  throw new Error("the web process did not answer: run `npm run build` first, and see its output above");
}

/** The bare server with these answers. Resolves with its address. */
export async function startBare(
  answers: Readonly<Record<string, Recorded>>,
  cleanup: Cleanup,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "gatewatch-bare-"));
  cleanup.push(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "recorded.json");
  await writeFile(file, JSON.stringify(answers));
  const child = spawn(process.execPath, ["tests/bench/page/bare-server.ts", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanup.push(stopper(child));
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return `http://127.0.0.1:${port}`;
}
