import type { z } from "zod";

import { GatewatchError } from "./errors.ts";

/**
 * Parses what came from outside.
 * @throws GatewatchError INPUT_INVALID with one problem for each wrong field, by its path
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new GatewatchError("INPUT_INVALID", "Some fields need another look.", { problems });
}
