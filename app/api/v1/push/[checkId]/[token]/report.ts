import { z } from "zod";

import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { presentable } from "#lib/probe/redact.ts";
import type { NewPushSignal } from "#lib/store/push-signals.ts";

import { readTextBody } from "../../../../_answer/body.ts";

const MAX_BODY_BYTES = 16_384;
const MAX_MESSAGE = 500;
const DAY_MS = 86_400_000;

const reportSchema = z.object({
  status: z.enum(["up", "down"], "must be up or down").default("up"),
  // a job may send its whole last line of output: cut rather than refused, so that the report counts
  message: z
    .string("must be text")
    .transform((text) => presentable(text, MAX_MESSAGE).trim())
    .optional(),
  ms: z.coerce
    .number("must be a number of milliseconds")
    .min(0, "must not be negative")
    .max(7 * DAY_MS, "must be at most seven days in milliseconds")
    .optional(),
});

/**
 * What a job says of itself: in the query, or in the body as JSON or as a form. What stands in the body
 * counts before the query. A body of another type is not read: jobs may send their output along.
 * @throws GatewatchError INPUT_INVALID that says what each field takes
 */
export async function readReport(request: Request): Promise<NewPushSignal> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const { status, message, ms } = parseInput(reportSchema, { ...query, ...(await readBody(request)) });
  return {
    ok: status === "up",
    message: message === undefined || message === "" ? null : message,
    durationMs: ms === undefined ? null : Math.round(ms),
  };
}

async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const form = type === "application/x-www-form-urlencoded";
  if (type !== "application/json" && !form) return {};
  const text = await readTextBody(request, MAX_BODY_BYTES);
  if (text === "") return {};
  if (form) return Object.fromEntries(new URLSearchParams(text));
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  } catch {
    // said below
  }
  throw new GatewatchError("INPUT_INVALID", 'The body is not a JSON object; send {"status":"up"}, or none.');
}
