import { join } from "node:path";

/** The checkout, wherever the process was started from. */
export const ROOT = join(import.meta.dirname, "../..");

/** The file of another program of this directory, e.g. `web.ts`. */
export function program(name: string): string {
  return join(ROOT, "bin", name);
}
