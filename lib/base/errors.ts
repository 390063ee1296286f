/** Stable codes: readers match on the code, people read the message. */
export const ERROR_CODES = [
  "CONFIG_INVALID",
  "DATABASE_UNREACHABLE",
  "DATABASE_NEWER",
  "MIGRATION_FAILED",
  "DATA_DIR_IN_USE",
  "PORT_TAKEN",
  "INPUT_INVALID",
  "NOT_SIGNED_IN",
  "NOT_PERMITTED",
  "NOT_FOUND",
  "CONFLICT",
  "READ_ONLY",
  "RATE_LIMITED",
  "UNAVAILABLE",
  "QUERY_TOO_WIDE",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What was wrong with one field of an input: its path and a sentence that says what to do. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * An expected failure whose message may be shown to the person who caused it.
 *
 * Anything else that is thrown is a defect: it is logged, and its message stays inside.
 */
export class GatewatchError extends Error {
  override readonly name = "GatewatchError";
  readonly code: ErrorCode;
  readonly problems: readonly FieldProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; problems?: readonly FieldProblem[] } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** True for a GatewatchError (of that code, when one is given), also across module copies. */
export function isGatewatchError(error: unknown, code?: ErrorCode): error is GatewatchError {
  return (
    error instanceof Error &&
    error.name === "GatewatchError" &&
    "code" in error &&
    (code === undefined || error.code === code)
  );
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
