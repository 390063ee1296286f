import type { Database, Transaction } from "./client.ts";
import type { ApiKey } from "./generated/client.ts";

export type ApiKeyRow = ApiKey;

export interface NewApiKey {
  readonly name: string;
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: string[];
  readonly region: string | null;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

export function insertApiKey(tx: Pick<Transaction, "apiKey">, key: NewApiKey): Promise<ApiKeyRow> {
  return tx.apiKey.create({ data: key });
}

/** The key of that hash which is neither revoked nor expired at `at`. */
export function findLiveApiKey(
  db: Pick<Database, "apiKey">,
  hash: string,
  at: Date,
): Promise<ApiKeyRow | null> {
  return db.apiKey.findFirst({
    where: { hash, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] },
  });
}

/** A key by id, also one that is over. */
export function findApiKey(tx: Pick<Transaction, "apiKey">, id: string): Promise<ApiKeyRow | null> {
  return tx.apiKey.findUnique({ where: { id } });
}

/** Notes a use, once a minute at most: a busy agent must not write a row for each of its calls. */
export async function touchApiKey(db: Database, id: string, at: Date): Promise<void> {
  await db.apiKey.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: new Date(at.getTime() - 60_000) } }] },
    data: { lastUsedAt: at },
  });
}

/** All keys, newest first, revoked ones included. */
export function listApiKeys(db: Pick<Database, "apiKey">): Promise<ApiKeyRow[]> {
  return db.apiKey.findMany({ orderBy: [{ createdAt: "desc" }, { id: "desc" }] });
}

/** Ends a key; false when there was none to end. */
export async function revokeApiKey(tx: Pick<Transaction, "apiKey">, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
  return count > 0;
}
