import { randomBytes } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";

/**
 * The secret in `file`, made on the first call: 32 random bytes in base64url, readable by the
 * owner alone. Several processes that call it at once get the same one.
 */
export async function readOrMakeSecret(file: string): Promise<string> {
  const existing = await readSecret(file);
  if (existing !== undefined) return existing;

  // written beside its place and synced: a power cut leaves the whole secret or none
  const unfinished = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const handle = await open(unfinished, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString("base64url")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // link, unlike rename, leaves the one that another process put there a moment ago
  await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(unfinished);
  const made = await readSecret(file);
  if (made === undefined) throw new Error(`${file} is empty`);
  return made;
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
