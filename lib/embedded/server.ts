import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, fchownSync, openSync, renameSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";

import { connectionString, DATABASE, lastLogLines, serverEnvironment, type Cluster } from "./cluster.ts";
import { clusterProcesses, isAlive, readPostmasterPid, signal, waitUntil } from "./processes.ts";
import { serverSettings } from "./settings.ts";

/** A running server. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Connection string of the database `gatewatch`, which exists. */
  readonly url: string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: Promise<void>;
  /**
   * Rolls open transactions back, writes a checkpoint and ends: the next start needs no recovery.
   * After `withinMs` (8,000 by default) it is ended without the checkpoint; nothing is lost then
   * either.
   */
  readonly stop: (withinMs?: number) => Promise<void>;
}

// recovery replays at most max_wal_size of log; a slow disk does that in well under this
const START_TIMEOUT = 120_000;
const STOP_TIMEOUT = 8_000;
const IMMEDIATE_TIMEOUT = 5_000;
const LOG_LIMIT = 1_000_000;
const PORT_ATTEMPTS = 5;

/**
 * Starts the cluster's server on loopback and waits until it answers. What a killed supervisor
 * left running is stopped first: its port, and so its address, is known to nobody any more.
 *
 * @param port a port to use again after a crash, so that the address stays; else a free one is taken
 * @throws GatewatchError UNAVAILABLE with the server's own words when it does not come up
 */
export async function startServer(cluster: Cluster, port?: number): Promise<Server> {
  await stopOrphans(cluster);
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const outcome = await launch(cluster, chosen);
    if ("server" in outcome) {
      await createDatabaseOnce(cluster, chosen);
      return outcome.server;
    }
    // another process may take the port between asking for it and using it
    const taken = /could not bind|Address already in use/.test(outcome.log);
    if (taken && attempt < PORT_ATTEMPTS) {
      if (port !== undefined) await sleep(200 * attempt);
      continue;
    }
    throw new GatewatchError(
      "UNAVAILABLE",
      `The embedded PostgreSQL did not start: ${lastComplaint(outcome.log)} (see ${cluster.logFile})`,
    );
  }
}

function lastComplaint(log: string): string {
  const lines = log.split("\n").filter((line) => /FATAL|PANIC/.test(line));
  return (
    (lines.at(-1) ?? log.split("\n").at(-1) ?? "").replace(/^.*?(FATAL|PANIC):\s*/, "") || "no reason given"
  );
}

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address");
  return address.port;
}

/** Ends every process that still works in the cluster, gently at first. */
async function stopOrphans({ directory }: Cluster): Promise<void> {
  const gone = (): boolean => clusterProcesses(directory).length === 0;
  if (!gone()) {
    const postmaster = readPostmasterPid(directory);
    if (postmaster !== undefined && clusterProcesses(directory).includes(postmaster))
      signal(postmaster, "SIGINT");
    // without a postmaster they end by themselves once they look up from their statement
    if (!(await waitUntil(gone, STOP_TIMEOUT))) {
      for (const pid of clusterProcesses(directory)) signal(pid, "SIGQUIT");
      if (!(await waitUntil(gone, IMMEDIATE_TIMEOUT))) {
        throw new GatewatchError(
          "DATA_DIR_IN_USE",
          `A PostgreSQL that an earlier start left in ${directory} does not end: stop its processes (${clusterProcesses(directory).join(", ")})`,
        );
      }
    }
  }
  await removeMisleadingPid(directory);
}

/**
 * PostgreSQL will not start while the id in a left-over `postmaster.pid` belongs to any living
 * process. After a reboot, or in a container, that is soon somebody else, and nobody of this
 * cluster is left (seen above), so the file says nothing.
 */
async function removeMisleadingPid(directory: string): Promise<void> {
  const pid = readPostmasterPid(directory);
  if (pid !== undefined && isAlive(pid)) await rm(`${directory}/postmaster.pid`, { force: true });
}

type Launch = { server: Server } | { log: string };

async function launch(cluster: Cluster, port: number): Promise<Launch> {
  const { log, offset } = openLog(cluster);
  const settings = Object.entries(serverSettings(port, cluster.durability)).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const identity =
    cluster.account === undefined ? {} : { uid: cluster.account.uid, gid: cluster.account.gid };
  const child = spawn(cluster.binaries.postgres, ["-D", cluster.directory, ...settings], {
    ...identity,
    cwd: cluster.directory,
    env: serverEnvironment(cluster.directory),
    stdio: ["ignore", log, log],
    // out of the terminal's group: Ctrl-C is for the supervisor, which stops the server last
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) =>
    child.once("close", () => resolve()).once("error", () => resolve()),
  );
  if (child.pid !== undefined && (await answers(cluster, port, child))) {
    return {
      server: {
        pid: child.pid,
        port,
        url: connectionString(cluster, port),
        exited,
        stop: (withinMs) => stop(child, exited, withinMs),
      },
    };
  }
  await stop(child, exited);
  return { log: await lastLogLines(cluster, offset) };
}

// a file and not a pipe: the server outlives a supervisor that is killed, and must not block then
function openLog(cluster: Cluster): { log: number; offset: number } {
  const size = statSync(cluster.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) renameSync(cluster.logFile, `${cluster.logFile}.1`);
  const log = openSync(cluster.logFile, "a", 0o640);
  if (cluster.account !== undefined) fchownSync(log, 0, cluster.account.gid);
  return { log, offset: size > LOG_LIMIT ? 0 : size };
}

/** True once the server takes connections, false when it ended or took too long. */
async function answers(cluster: Cluster, port: number, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const client = new Client({
      connectionString: connectionString(cluster, port, "postgres"),
      connectionTimeoutMillis: 2_000,
    });
    // the connection may break a second time after connect() has failed; one report is enough
    client.on("error", () => {});
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (isWrongPassword(error)) throw wrongPassword(cluster, error);
      await sleep(30);
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "28P01";
}

function wrongPassword(cluster: Cluster, cause: unknown): GatewatchError {
  return new GatewatchError(
    "UNAVAILABLE",
    `The password in the data directory is not the one of the database in ${cluster.directory}: put the file postgres-password of the same data directory back`,
    { cause },
  );
}

async function createDatabaseOnce(cluster: Cluster, port: number): Promise<void> {
  const client = new Client({ connectionString: connectionString(cluster, port, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    throw new GatewatchError(
      "UNAVAILABLE",
      `The embedded PostgreSQL could not make its database: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

async function stop(child: ChildProcess, exited: Promise<void>, withinMs = STOP_TIMEOUT): Promise<void> {
  const ended = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  // SIGINT asks for the fast shutdown, SIGQUIT for the immediate one: recovery at the next start
  if (!ended()) child.kill("SIGINT");
  if (!(await waitUntil(ended, withinMs))) child.kill("SIGQUIT");
  if (!(await waitUntil(ended, IMMEDIATE_TIMEOUT))) child.kill("SIGKILL");
  await exited;
}
