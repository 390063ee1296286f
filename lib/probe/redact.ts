import { isSecretName, REDACTED, redactSecrets } from "#lib/base/redact.ts";

import { formsOf } from "./sent-secrets.ts";

// one door for every kind of probe
export { isSecretName } from "#lib/base/redact.ts";
export { secretsInBody, secretValues } from "./sent-secrets.ts";

/** Characters of a header's value that are kept. */
const HEADER_VALUE = 512;
/** Of a URL: as long as a check's own may be; where a redirect leads may be longer. */
const URL_LENGTH = 2_048;

/**
 * Text that may be stored and shown: what `redactSecrets` takes out, and the values that were sent
 * ourselves, also when they come back encoded.
 */
export function redactText(text: string, sent: readonly string[] = []): string {
  // our own first: a pattern might take one half of a value and leave the other
  const safe = sent.length === 0 ? text : text.replace(formsOf(sent).pattern, REDACTED);
  return redactSecrets(safe);
}

/** A header's value for the record, cut at 512 characters. */
export function redactHeader(name: string, value: string, sent: readonly string[]): string {
  if (isSecretName(name)) return REDACTED;
  return presentable(value, HEADER_VALUE, sent);
}

/** A URL without user information, query and fragment; secrets in its path are redacted. */
export function redactUrl(url: URL, sent: readonly string[] = []): string {
  return presentable(`${url.origin}${url.pathname}`, URL_LENGTH, sent);
}

/**
 * Redacted text that any JSON store takes: no control characters (PostgreSQL refuses NUL), no half
 * of a surrogate pair, at most `limit` characters.
 */
export function presentable(text: string, limit: number, sent: readonly string[] = []): string {
  // oxlint-disable-next-line no-control-regex -- controls are what this takes out
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd");
  return redactText(printable, sent).slice(0, limit).toWellFormed();
}

/**
 * The beginning of a text that may have been cut already, as `presentable` makes it. Twice `limit` is
 * looked at, so that a secret across the cut is recognised before it is cut, and the beginning of
 * something we sent at the end of that is left out.
 */
export function presentableStart(text: string, limit: number, sent: readonly string[] = []): string {
  return presentable(withoutHalfSecret(text.slice(0, 2 * limit), sent), limit, sent);
}

function withoutHalfSecret(text: string, sent: readonly string[]): string {
  if (sent.length === 0) return text;
  const lower = text.toLowerCase();
  const half = Math.max(0, ...formsOf(sent).texts.map((form) => beginningAtEnd(lower, form.toLowerCase())));
  return half === 0 ? text : text.slice(0, -half);
}

function beginningAtEnd(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length > 3; length--) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}
