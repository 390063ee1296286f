import type { z } from "zod";

import { PROBE_KINDS, targetSchema } from "#lib/probe/registry.ts";

/** What each kind of check takes as its target, from the probe registry. */
export const TARGET_SCHEMAS: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  PROBE_KINDS.map((kind) => [kind, targetSchema(kind)]),
);
