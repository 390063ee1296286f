import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { GatewatchError } from "#lib/base/errors.ts";

import { ROOT } from "./paths.ts";

/** Everything that the built pages are made of. */
const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma/schema.prisma",
  "next.config.js",
  "postcss.config.js",
  "package-lock.json",
  "tsconfig.json",
];

// Next empties its folder, writes the first of these when it begins and the last when it is done:
// a build that was cut short lacks one, and what was edited while it ran is newer than the first.
const WRITTEN_FIRST = ".next/package.json";
const WRITTEN_LAST = [".next/BUILD_ID", ".next/export-marker.json"];

const OUTPUT_LINES = 20;

/** Whether there is no complete build, or one that is older than a source. */
export async function buildIsMissing(): Promise<boolean> {
  const [began, ...ended] = await Promise.all([WRITTEN_FIRST, ...WRITTEN_LAST].map(modifiedAt));
  if (began === undefined || ended.includes(undefined)) return true;
  return (await newestSource()) > began;
}

async function modifiedAt(path: string): Promise<number | undefined> {
  return stat(join(ROOT, path)).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}

async function newestSource(): Promise<number> {
  const times = await Promise.all(SOURCES.map((path) => newestIn(join(ROOT, path))));
  return Math.max(...times);
}

/** The latest change in a file or a folder; a folder's own time tells that a file was removed. */
async function newestIn(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path, { withFileTypes: true });
  // made by `prisma generate` from the schema, which is looked at itself
  const own = entries.filter((entry) => !(path.endsWith("/store") && entry.name === "generated"));
  const times = await Promise.all(own.map((entry) => newestIn(join(path, entry.name))));
  return Math.max(found.mtimeMs, ...times);
}

/**
 * Builds the pages. `signal` ends a build that is under way.
 * @throws GatewatchError UNAVAILABLE with the build's last lines
 */
export async function build(signal: AbortSignal): Promise<void> {
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const child = spawn(process.execPath, [next, "build"], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString())
      .split("\n")
      .slice(-OUTPUT_LINES - 1)
      .join("\n");
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new GatewatchError(
    "UNAVAILABLE",
    `The pages could not be built (\`npm run build\` shows all of it): ${output.trim()}`,
  );
}
