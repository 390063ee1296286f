import { isGatewatchError, messageOf, type ErrorCode } from "#lib/base/errors.ts";
import { createLog } from "#lib/base/log.ts";

const log = createLog("api");

const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  INPUT_INVALID: 400,
  NOT_SIGNED_IN: 401,
  NOT_PERMITTED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  READ_ONLY: 409,
  QUERY_TOO_WIDE: 422,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  DATABASE_UNREACHABLE: 503,
};

function failure(status: number, code: string, message: string, problems: readonly unknown[]): Response {
  return Response.json(
    { error: { code, message, problems } },
    { status, headers: { "Cache-Control": "no-store", "Access-Control-Allow-Origin": "*" } },
  );
}

/**
 * Any failure as `{ error: { code, message, problems } }`. What was expected says what to do;
 * the rest is logged and stays inside.
 */
export function toResponse(error: unknown): Response {
  if (isGatewatchError(error))
    return failure(STATUS[error.code] ?? 500, error.code, error.message, error.problems);
  log.error("a request failed", { reason: messageOf(error) });
  return failure(500, "INTERNAL", "Something went wrong on our side. Try again in a moment.", []);
}

/** Runs a route's answer; whatever it throws becomes a response. */
export async function answer(make: () => Promise<Response>): Promise<Response> {
  try {
    return await make();
  } catch (error) {
    return toResponse(error);
  }
}
