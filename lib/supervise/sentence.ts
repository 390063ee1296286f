import { isGatewatchError, messageOf } from "#lib/base/errors.ts";
import { redact } from "#lib/base/log.ts";

/** What a person is told of a failure: an expected one in its own words, a defect with its stack. */
export function sentence(error: unknown): string {
  if (isGatewatchError(error)) return redact(error.message);
  return redact(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
}
