import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { GatewatchError } from "#lib/base/errors.ts";

import { postgresAccount, type Account } from "./account.ts";
import { findBinaries, type Binaries } from "./binaries.ts";
import { readOrMakeSecret } from "./secret.ts";
import type { Durability } from "./settings.ts";

/** The name of the database and of its owner. */
export const DATABASE = "gatewatch";

/** A cluster that can be started: it has been set up, and its files belong to who runs it. */
export interface Cluster {
  readonly directory: string;
  readonly logFile: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly password: string;
  readonly durability: Durability;
}

/**
 * Finds or sets up the cluster of a data directory. The caller holds the directory's lock.
 *
 * @throws GatewatchError UNAVAILABLE when PostgreSQL cannot run here
 */
export async function prepareCluster(
  dataDirectory: string,
  durability: Durability = "full",
): Promise<Cluster> {
  const root = await realpath(dataDirectory);
  const directory = join(root, "postgres-18");
  const account = await postgresAccount(directory);
  // the server's user passes through to its own directory; what lies beside it stays closed
  if (account !== undefined) await chmod(root, 0o711);
  const cluster: Cluster = {
    directory,
    logFile: join(root, "postgres.log"),
    account,
    binaries: await findBinaries(root, account),
    password: await readOrMakeSecret(join(root, "postgres-password")),
    durability,
  };
  if (!(await exists(directory))) await initialise(cluster);
  return cluster;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Sets the cluster up beside its place and moves it there: a set-up cut short is begun anew. */
async function initialise(cluster: Cluster): Promise<void> {
  const unfinished = `${cluster.directory}.new`;
  const passwordFile = `${cluster.directory}.${randomBytes(6).toString("hex")}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (cluster.account !== undefined) {
    await chown(unfinished, cluster.account.uid, cluster.account.gid);
    await chown(passwordFile, cluster.account.uid, cluster.account.gid);
  }
  try {
    await runInitdb(cluster, unfinished, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster.directory);
}

async function runInitdb(cluster: Cluster, directory: string, passwordFile: string): Promise<void> {
  const args = [
    `--pgdata=${directory}`,
    `--username=${DATABASE}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    // the same order on every machine, whatever locales it has
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
    ...(cluster.durability === "none" ? ["--no-sync"] : []),
  ];
  const { code, output } = await runAs(cluster.account, cluster.binaries.initdb, args, directory);
  if (code === 0) return;
  const reason = output.trim().split("\n").at(-1) ?? "";
  if (/could not (access|change permissions|open)|Permission denied/i.test(output))
    throw unreachable(cluster, reason);
  throw new GatewatchError("UNAVAILABLE", `PostgreSQL could not set up ${cluster.directory}: ${reason}`);
}

function unreachable({ account, directory }: Cluster, reason: string): GatewatchError {
  const who = account === undefined ? "this user" : `the user \`${account.name}\`, which PostgreSQL runs as,`;
  return new GatewatchError(
    "UNAVAILABLE",
    `GATEWATCH_DATA_DIR: ${who} cannot reach ${directory} (${reason}); choose a directory whose parents are open to it, such as /var/lib/gatewatch`,
  );
}

async function runAs(
  account: Account | undefined,
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  const child = spawn(program, args, {
    ...identity,
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    env: serverEnvironment(cwd),
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** What PostgreSQL's programs see of the environment: nothing of ours, messages in English. */
export function serverEnvironment(home: string): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: "/usr/bin:/bin", HOME: home, LC_ALL: "C", TZ: "UTC" };
}

/** The connection string of one of the server's databases. */
export function connectionString(cluster: Cluster, port: number, database: string = DATABASE): string {
  return `postgresql://${DATABASE}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/** The last lines that the server wrote, for a message about why it ended. */
export async function lastLogLines(cluster: Cluster, from: number): Promise<string> {
  const log = await readFile(cluster.logFile, "utf8").catch(() => "");
  return log.slice(from).trim();
}
