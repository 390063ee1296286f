import { access } from "node:fs/promises";
import { join } from "node:path";

import type { Environment } from "#lib/config/env.ts";

import { ROOT } from "./paths.ts";

/** Whether a gatewatch.yaml describes this installation: one that is named, or the one in the checkout. */
export async function hasConfigFile({ GATEWATCH_CONFIG }: Environment): Promise<boolean> {
  if (GATEWATCH_CONFIG !== undefined) return true;
  return access(join(ROOT, "gatewatch.yaml")).then(
    () => true,
    () => false,
  );
}
