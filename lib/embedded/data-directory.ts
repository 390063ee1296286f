import { mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";
import { readEnvironment } from "#lib/config/env.ts";

import { readOrMakeSecret } from "./secret.ts";

const CHECKOUT = join(import.meta.dirname, "../..");

/**
 * Where the embedded database and the secret lie: GATEWATCH_DATA_DIR, else `.data` of the checkout,
 * or `/var/lib/gatewatch` as root, because PostgreSQL then runs as another user, which may not get
 * into the checkout.
 */
export function dataDirectory(): string {
  const given = readEnvironment().GATEWATCH_DATA_DIR;
  if (given !== undefined) return resolve(given.replace(/^~(?=\/)/, homedir()));
  return process.getuid?.() === 0 ? "/var/lib/gatewatch" : join(CHECKOUT, ".data");
}

/**
 * Makes the directory when it is missing, closed to everybody else.
 * @throws GatewatchError CONFIG_INVALID that names GATEWATCH_DATA_DIR when it cannot be made
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (!(await stat(directory)).isDirectory()) throw new Error("it is not a directory");
  } catch (cause) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      `GATEWATCH_DATA_DIR: ${directory} cannot be used (${messageOf(cause)}); name a directory that this user may write to`,
      { cause },
    );
  }
}

/**
 * GATEWATCH_SECRET, or when it is unset the one that is made once and kept in the data directory.
 * @throws GatewatchError CONFIG_INVALID when the data directory cannot be used
 */
export async function applicationSecret(): Promise<string> {
  const given = readEnvironment().GATEWATCH_SECRET;
  if (given !== undefined) return given;
  const directory = dataDirectory();
  await makeDataDirectory(directory);
  try {
    return await readOrMakeSecret(join(directory, "secret"));
  } catch (cause) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      `GATEWATCH_DATA_DIR: ${directory} cannot be used (${messageOf(cause)}); name a directory that this user may write to`,
      { cause },
    );
  }
}
