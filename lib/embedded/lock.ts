import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";

import { processBirth } from "./processes.ts";

export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Boot and start time: a process that got the same id later is not the holder. */
  readonly birth: string;
}

const ATTEMPTS = 5;

/**
 * Takes the data directory for this process. A lock whose holder was killed is taken over.
 *
 * @throws GatewatchError DATA_DIR_IN_USE while the process that holds it lives
 */
export async function lockDataDirectory(directory: string): Promise<Lock> {
  const file = join(directory, "lock");
  const mine = JSON.stringify({ pid: process.pid, birth: processBirth(process.pid) ?? "" } satisfies Holder);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (await claim(file, mine)) return { release: () => release(file, mine) };
    const found = await readFile(file, "utf8").catch(() => undefined);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder !== undefined && processBirth(holder.pid) === holder.birth) throw inUse(directory, holder.pid);
    await discard(file, found);
  }
  throw inUse(directory);
}

function inUse(directory: string, pid?: number): GatewatchError {
  const who = pid === undefined ? "Another Gatewatch" : `Another Gatewatch (process ${pid})`;
  return new GatewatchError(
    "DATA_DIR_IN_USE",
    `${who} uses the data directory ${directory}: stop it, or set GATEWATCH_DATA_DIR to another directory`,
  );
}

/** Puts the whole file there in one step; false when there is one already. */
async function claim(file: string, content: string): Promise<boolean> {
  const beside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(beside, content, { mode: 0o600 });
    await link(beside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new GatewatchError(
      "CONFIG_INVALID",
      `GATEWATCH_DATA_DIR: the directory cannot be written to (${messageOf(error)}); name one that this user may write to`,
      { cause: error },
    );
  } finally {
    await rm(beside, { force: true });
  }
}

/**
 * Removes a dead holder's lock. Another start may have done so and taken the lock since it was
 * read: what was moved away is looked at again, and put back when it is not the dead one's.
 */
async function discard(file: string, dead: string): Promise<void> {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== dead) await link(aside, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function release(file: string, mine: string): Promise<void> {
  const found = await readFile(file, "utf8").catch(() => undefined);
  if (found === mine) await rm(file, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("pid" in value) || !("birth" in value))
      return undefined;
    const { pid, birth } = value;
    return typeof pid === "number" && typeof birth === "string" ? { pid, birth } : undefined;
  } catch {
    // a machine that lost power may leave an empty file behind
    return undefined;
  }
}
