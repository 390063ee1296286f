import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";

import { prepareCluster } from "#lib/embedded/cluster.ts";
import { startServer } from "#lib/embedded/server.ts";
import { migrate } from "#lib/store/migrate.ts";

/** An embedded PostgreSQL with a migrated database that nobody connects to, for copies of it. */
export interface TemplateServer {
  readonly templateUrl: string;
  /** Ends it, and removes everything in it. */
  stop(): Promise<void>;
}

/** Starts one; it is gone with everything in it afterwards. */
export async function startTemplateServer(): Promise<TemplateServer> {
  const directory = await mkdtemp(join(tmpdir(), "gatewatch-tests-"));
  // as root the server runs as another user, which has to get through to its files
  await chmod(directory, 0o711);
  const server = await startServer(await prepareCluster(directory, "none"));
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await migrate(server.url);
    await closeToConnections(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { templateUrl: server.url, stop };
}

/** A new database; `template` is one of the same server that nobody is connected to. */
export async function copyDatabase(serverUrl: string, template = databaseOf(serverUrl)): Promise<string> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return withDatabase(serverUrl, name);
}

/** Removes a database, also when others are still connected to it. */
export async function dropTestDatabase(url: string): Promise<void> {
  await administer(url, `DROP DATABASE IF EXISTS ${databaseOf(url)} WITH (FORCE)`);
}

/** Closes a database to connections: one that is connected to cannot be copied. */
async function closeToConnections(url: string): Promise<void> {
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
