import { PrismaPg } from "@prisma/adapter-pg";

import { databaseUrl } from "#lib/config/env.ts";

import { PrismaClient } from "./generated/client.ts";

export type Database = PrismaClient;
/** Inside `database.$transaction(async (tx) => …)`. */
export type Transaction = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];

/** A client of its own pool, e.g. for a test's database. The caller disconnects it. */
export function createDatabase(connectionString: string, options: { max?: number } = {}): Database {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString, max: options.max ?? 10, connectionTimeoutMillis: 5_000 }),
  });
}

// Next bundles its own copies of a module; one process still has one pool
const slot = globalThis as { [key: symbol]: Database | undefined };
const KEY = Symbol.for("gatewatch.database");

/** The process's database, made at first use from DATABASE_URL. */
export function database(): Database {
  return (slot[KEY] ??= createDatabase(databaseUrl()));
}
