import { createHash, randomBytes } from "node:crypto";

import { GatewatchError } from "#lib/base/errors.ts";
import { findLiveApiKey, insertApiKey, touchApiKey, type ApiKeyRow } from "#lib/store/api-keys.ts";
import type { Database, Transaction } from "#lib/store/client.ts";

/** What a key may do: mark deploys; take slots and hand in results as a region's agent. */
export const API_SCOPES = ["deploys", "agent"] as const;
export type ApiScope = (typeof API_SCOPES)[number];

const PREFIX = "gw_";
/** Characters of a key that stay readable in lists. */
const SHOWN = 9;

export interface ApiKeyInput {
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** Of an agent; null for other keys. */
  readonly region: string | null;
  readonly expiresAt: Date | null;
}

/**
 * Makes a key: 256 random bits, of which the database keeps the SHA-256. No slow hash: nobody can
 * guess through 2^256, and every request of an agent is checked.
 * @returns the row, and the key, which cannot be read again
 */
export async function createApiKey(
  tx: Pick<Transaction, "apiKey">,
  input: ApiKeyInput,
  createdBy: string,
): Promise<{ readonly row: ApiKeyRow; readonly key: string }> {
  const key = `${PREFIX}${randomBytes(32).toString("base64url")}`;
  const row = await insertApiKey(tx, {
    ...input,
    scopes: [...input.scopes],
    prefix: key.slice(0, SHOWN),
    hash: hashOf(key),
    createdBy,
  });
  return { row, key };
}

/**
 * The key that a request carries as `Authorization: Bearer gw_…`, if it is live and has the scope.
 * @throws GatewatchError NOT_SIGNED_IN without a live key, NOT_PERMITTED without the scope
 */
export async function requireApiKey(
  db: Database,
  authorization: string | null,
  scope: ApiScope,
  at: Date,
): Promise<ApiKeyRow> {
  const key = /^Bearer (gw_[\w-]{43})$/i.exec(authorization ?? "")?.[1];
  const row = key === undefined ? null : await findLiveApiKey(db, hashOf(key), at);
  if (row === null) {
    throw new GatewatchError(
      "NOT_SIGNED_IN",
      "Send a valid API key as `Authorization: Bearer gw_…`; keys are made in the admin area.",
    );
  }
  if (!row.scopes.includes(scope)) {
    throw new GatewatchError("NOT_PERMITTED", `This API key may not do that; it takes the scope "${scope}".`);
  }
  await touchApiKey(db, row.id, at);
  return row;
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
