import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";
import { redact } from "#lib/base/log.ts";

/** PostgreSQL 15, as `server_version_num` writes it. */
const OLDEST = 150_000;
const STARTING_UP = "57P03";
const PATIENCE = 30_000;

/**
 * Makes sure that the server of DATABASE_URL can be worked with. One that is starting up is
 * waited for, half a minute at most.
 *
 * @throws GatewatchError DATABASE_UNREACHABLE with a sentence that names DATABASE_URL and what is
 *   wrong with it; the password is not in it
 */
export async function requireDatabase(connectionString: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      await requireVersion(connectionString);
      return;
    } catch (error) {
      if (codeOf(error) !== STARTING_UP || Date.now() >= deadline) throw explain(connectionString, error);
      await sleep(250);
    }
  }
}

async function requireVersion(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ number: number; text: string }>(
      "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text",
    );
    const version = rows[0];
    if (version !== undefined && version.number < OLDEST) {
      throw new GatewatchError(
        "DATABASE_UNREACHABLE",
        `DATABASE_URL: the server is PostgreSQL ${version.text}; Gatewatch needs 15 or newer`,
      );
    }
  } finally {
    await client.end().catch(() => {});
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function explain(connectionString: string, error: unknown): GatewatchError {
  if (error instanceof GatewatchError) return error;
  const url = new URL(connectionString);
  const address = `${url.hostname || "localhost"}:${url.port || "5432"}`;
  const database = decodeURIComponent(url.pathname.slice(1));
  return new GatewatchError(
    "DATABASE_UNREACHABLE",
    `DATABASE_URL: ${reason(error, { address, database, host: url.hostname, user: decodeURIComponent(url.username) })}`,
    { cause: error },
  );
}

// https://www.postgresql.org/docs/18/errcodes-appendix.html, and Node's names of system errors
function reason(
  error: unknown,
  at: { address: string; database: string; host: string; user: string },
): string {
  switch (codeOf(error)) {
    case "ECONNREFUSED":
      return `nothing answers at ${at.address}; start PostgreSQL there or correct host and port`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name ${at.host} is not known; correct the host`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `${at.address} cannot be reached; correct host and port, or open the way to it`;
    case "28P01":
    case "28000":
      return `the server at ${at.address} does not accept user ${at.user} with this password; correct them`;
    case "3D000":
      return `the server at ${at.address} has no database ${at.database}; create it or correct the name`;
    case "42501":
      return `user ${at.user} may not use database ${at.database}; grant it the right to connect`;
    case "53300":
      return `the server at ${at.address} has no connection left; raise its max_connections`;
    case STARTING_UP:
      return `the server at ${at.address} is not ready for connections: ${messageOf(error)}`;
    default:
      return `the server at ${at.address} cannot be used: ${redact(messageOf(error) || String(error))}`;
  }
}
