import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";

import { GatewatchError } from "#lib/base/errors.ts";

const run = promisify(execFile);

/** The user that PostgreSQL runs as; undefined: the user that this process runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const NAME = "postgres";

/**
 * PostgreSQL refuses to run as root. Started as root, it runs as the owner of the cluster that is
 * already there, or else as the user `postgres`, which is made when the machine has none.
 *
 * @param cluster directory of the cluster, which need not exist yet
 * @throws GatewatchError UNAVAILABLE when there is no such user and none can be made
 */
export async function postgresAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).then(
    (found) => found.uid,
    () => 0,
  );
  const existing = await findAccount((entry) => (owner === 0 ? entry.name === NAME : entry.uid === owner));
  return existing ?? (await makeAccount());
}

async function findAccount(matches: (account: Account) => boolean): Promise<Account | undefined> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n");
  return lines.map(parseAccount).find((account) => account !== undefined && matches(account));
}

// name:password:uid:gid:comment:home:shell, passwd(5)
function parseAccount(line: string): Account | undefined {
  const [name, , uid, gid] = line.split(":");
  if (name === undefined || uid === undefined || gid === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid) };
}

async function makeAccount(): Promise<Account> {
  try {
    await run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      NAME,
    ]);
  } catch (cause) {
    // two starts may race for it; what counts is that it is there
    const account = await findAccount(({ name }) => name === NAME);
    if (account !== undefined) return account;
    throw new GatewatchError(
      "UNAVAILABLE",
      "PostgreSQL cannot run as root and the user `postgres` could not be made: run `useradd --system postgres`, start Gatewatch as an ordinary user, or set DATABASE_URL",
      { cause },
    );
  }
  const account = await findAccount(({ name }) => name === NAME);
  if (account === undefined) throw new Error(`useradd made no user ${NAME}`);
  return account;
}
