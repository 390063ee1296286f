import type { z } from "zod";

import { GatewatchError } from "#lib/base/errors.ts";

/**
 * Parses a URL's query; what the schema does not know is left alone.
 * @throws GatewatchError INPUT_INVALID that says of each wrong parameter what it takes
 */
export function parseQuery<Schema extends z.ZodType>(url: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(Object.fromEntries(new URL(url).searchParams));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  const message = problems.map((problem) => `${problem.path} ${problem.message}`).join("; ");
  throw new GatewatchError("INPUT_INVALID", message, { problems });
}
