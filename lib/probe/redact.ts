import { redact } from "#lib/base/log.ts";

const REDACTED = "[redacted]";

// names under which secrets travel, in headers, queries and JSON
const SECRET_NAME =
  /authorization|cookie|token|secret|passw|passphrase|api[-_]?key|access[-_]?key|signature|session|credential|jwt|^sig$|^auth$/i;

// in a query these are API keys and OAuth codes; in headers and JSON mostly harmless, and telling
const SECRET_PARAMETER = /^(key|code)$/i;

const QUERY_PAIR = /([?&;#]|&amp;)([\w.~%-]{1,64})=([^&\s"'<>;#]+)/g;
const FIELD_PAIR = /(["']?)([\w-]{2,64})\1(\s*[:=]\s*)("[^"\n]*"|'[^'\n]*')/g;
const SCHEME_VALUE = /\b(bearer|basic|digest|negotiate)\s+[\w.~+/=-]{6,}/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]{4,}(\.[\w-]*)?/g;

/** True for names of headers, parameters and fields whose value nobody else may read. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * Text that may be stored and shown: without credentials in URLs, secret-looking parameters and
 * fields, authorisation values, JSON web tokens, and the values that were sent ourselves.
 */
export function redactText(text: string, sent: readonly string[] = []): string {
  let safe = redact(text);
  for (const secret of sent) safe = safe.replaceAll(secret, REDACTED);
  return safe
    .replace(QUERY_PAIR, (pair, mark: string, name: string) =>
      isSecretName(name) || SECRET_PARAMETER.test(name) ? `${mark}${name}=${REDACTED}` : pair,
    )
    .replace(FIELD_PAIR, (pair, quote: string, name: string, between: string, value: string) =>
      isSecretName(name) ? `${quote}${name}${quote}${between}${value[0]}${REDACTED}${value[0]}` : pair,
    )
    .replace(SCHEME_VALUE, (_, scheme: string) => `${scheme} ${REDACTED}`)
    .replace(JSON_WEB_TOKEN, REDACTED);
}

/** A header's value for the record, cut at 512 characters. */
export function redactHeader(name: string, value: string, sent: readonly string[]): string {
  if (isSecretName(name)) return REDACTED;
  return redactText(value, sent).slice(0, 512);
}

/** A URL without user information, query and fragment. */
export function redactUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Values among the headers and parameters we send that an answer must not give away by echoing them. */
export function secretValues(sent: Iterable<readonly [name: string, value: string]>): string[] {
  return [...sent]
    .filter(([name, value]) => isSecretName(name) && value.length >= 6)
    .flatMap(([, value]) => [value, ...value.split(/[\s;,=]+/).filter((part) => part.length >= 12)]);
}

/**
 * Redacted text that any JSON store takes: no control characters (PostgreSQL refuses NUL), no half
 * of a surrogate pair, at most `limit` characters.
 */
export function presentable(text: string, limit: number, sent: readonly string[] = []): string {
  return (
    redactText(text, sent)
      // oxlint-disable-next-line no-control-regex -- controls are what this takes out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
      .slice(0, limit)
      .toWellFormed()
  );
}
