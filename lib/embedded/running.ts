import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { DATABASE } from "./cluster.ts";
import { isAlive } from "./processes.ts";

/**
 * The address of the embedded server that another process keeps running on a data directory.
 * PostgreSQL writes its process id and port into `postmaster.pid` (first and fourth line).
 * @returns null when none runs
 */
export async function runningDatabase(dataDirectory: string): Promise<string | null> {
  const pidFile = await readFile(join(dataDirectory, "postgres-18", "postmaster.pid"), "utf8").catch(
    () => "",
  );
  const [pid, , , port] = pidFile.split("\n");
  if (!isAlive(Number(pid)) || !/^\d+$/.test(port ?? "")) return null;
  const password = await readFile(join(dataDirectory, "postgres-password"), "utf8").catch(() => null);
  return password === null
    ? null
    : `postgresql://${DATABASE}:${password.trim()}@127.0.0.1:${port}/${DATABASE}`;
}
