import { hopsFirst } from "#lib/model/hop-headers.ts";

import { redactHeader } from "./redact.ts";

/** Headers that are kept; an answer may have two thousand. */
const MAX_HEADERS = 64;

/**
 * The headers of an answer for the record: those first that tell which hops it passed, so that they
 * survive the cap; of a header that came more than once every value; secrets redacted.
 */
export function keptHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  sent: readonly string[],
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of hopsFirst(Object.entries(headers)).slice(0, MAX_HEADERS)) {
    if (value === undefined) continue;
    const values = [...new Set(typeof value === "string" ? [value] : value)];
    kept[name.slice(0, 128)] = redactHeader(name, values.map(readableValue).join(", "), sent);
  }
  return kept;
}

/** Bytes arrive as Latin-1 (RFC 9110, 5.5); whoever sends others than ASCII today means UTF-8. */
function readableValue(value: string): string {
  if (!/[\u0080-\u00ff]/.test(value)) return value;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(value, "latin1"));
  } catch {
    return value;
  }
}
