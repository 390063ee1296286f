/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

// Words in the names of headers, parameters, fields and elements whose value is a secret. A name is
// secret when such a word is in it, wherever it stands: x-csrf-token, refresh_token, userPassword.
const WORDS = [
  "authori[sz]ation",
  "cookie",
  "token",
  "secret",
  "passw",
  "passphrase",
  "pwd",
  "(?:api|access|private|account|auth|subscription|functions|master|shared|signing|encryption)[-_ ]?key",
  "signature",
  "session",
  "sessid",
  "credential",
  "jwt",
  "csrf",
  "xsrf",
  "assertion",
  // too short to count inside of other words: bypass, design, author
  "(?<=^|[^a-z0-9]|%2[36]|%3f|u0026)(?:sid|sig|auth|pass|psk)(?![a-z0-9])",
].join("|");
// what such a name says of a secret without being one: token_type, session_expires_in
const ABOUT =
  "(?<!type|expires|expires[-_]?(?:in|at)|length|limit|count|used|status|error|policy|required|enabled|max[-_]?age|url|uri|endpoint)";
const NAME = `(?:${WORDS})(?:[\\w.\\]-]|%5d){0,48}${ABOUT}`;

// quotes as they stand in JSON, in JSON inside of JSON, in HTML and in URLs
const QUOTE = `\\\\*["']|&quot;|&#3[49];|&#x2[27];|%22`;
// each ends at its own kind of quote that is not escaped once more, or with the line: texts are cut
const QUOTED = [
  `"(?:\\\\.|[^"\\\\\\n])*"?`,
  `'(?:\\\\.|[^'\\\\\\n])*'?`,
  `(?<escaped>\\\\+["'])[^\\n]*?(?:(?<!\\\\)\\k<escaped>|$)`,
  `(?<entity>&quot;|&#3[49];|&#x2[27];|%22)[^\\n]*?(?:(?<!\\\\)\\k<entity>|$)`,
].join("|");

const SECRET_NAME = new RegExp(NAME, "i");

/** `"token": "…"`, `token=…`, `token%3D…`, `Cookie:[…]`, `api key: …`; the name's beginning does not matter. */
const NAMED = new RegExp(
  `(?<name>${NAME}(?:${QUOTE})?\\]?)(?<between>\\s*(?:=>|=|:|%3[ad])\\s*)` +
    `(?:(?<quoted>${QUOTED})|(?<list>\\[[^\\]\\n]*\\]?)|(?<bare>(?:(?!%2[36])[^\\s&;,<>"'\\\\)}\\]])+))`,
  "gim",
);
/** A whole line of a request that somebody shows: what follows the first word is secret as well. */
const HEADER_LINE =
  /((?:authori[sz]ation|x-auth|x-api-key)[\w-]{0,24}[ \t]*:[ \t]*|cookie[\w-]{0,24}[ \t]*:[ \t]*(?=[^\s=;,"'[]+=))(?![\s"'[&\\])[^\n<]+/gi;
/** Names that are secrets in a query (API keys, OAuth codes) and harmless, and telling, elsewhere. */
const QUERY_ONLY =
  /((?:[?&;#]|&amp;|&#38;|&#x26;|\\u0026|%3F|%26|%23)(?:key|code)(?:=|%3D))((?:(?!%2[36])[^&\s"'<>;#\\])+)/gi;
const ENCODED_NAME = /([?&;#]|&amp;|\\u0026)([\w.~-]{0,32}%[\w.~%-]{1,64})=([^&\s"'<>;#\\]+)/g;

/** `<password>…</password>`, and the cell beside the one that holds the name. */
const ELEMENT = new RegExp(
  `(<[\\w:.-]{0,40}?(?:${NAME})(?:\\s[^<>]*)?>(?:<!\\[CDATA\\[)?)(?=[^<\\s])[^<]+?(?=\\]\\]>|<|$)`,
  "gi",
);
const CELL = new RegExp(
  `(>[\\s\\w$'"[.-]{0,40}?(?:${NAME})['"\\]\\s:]*</(?:td|th|dt)>\\s*<(?:td|dd)\\b[^>]*>(?:<\\w[^>]*>)?)[^<]+`,
  "gi",
);
const TAG = /<(?:input|meta|param|add|property|option|button|env|setting)\b[^<>]*>/gi;
const TAG_NAME = /\b(?:name|id|key|property)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const TAG_VALUE = /\b(value|content)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/gi;

const BEARER = /\b(bearer|negotiate|ntlm)(\s+|%20|\+)(?!realm|auth|credential|error)([\w.~+/=-]{8,})/gi;
const BASIC = /\b(basic)(\s+|%20)([\w+/-]{6,}={0,2})/gi;
const DIGEST = /\bdigest\s[^\n<]*/gi;
const DIGEST_PROOF = /\b(response|cnonce)(\s*=\s*)("[^"]*"|[^\s,"]+)/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g;
const PRIVATE_KEY = /(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[\s\S]*?(?=-----END|$(?![\s\S]))/g;

/** Tokens that say by their beginning what they are, from the documentation of those who hand them out. */
const KNOWN_TOKENS = new RegExp(
  `\\b(?:${[
    "gh[pousr]_\\w{20,}", // GitHub
    "github_pat_\\w{20,}",
    "glpat-[\\w-]{16,}", // GitLab
    "xox[abeprs]-[\\w-]{10,}", // Slack
    "[rs]k_(?:live|test)_\\w{10,}", // Stripe
    "(?:AKIA|ASIA)[0-9A-Z]{16}", // AWS
    "AIza[\\w-]{30,}", // Google
    "ya29\\.[\\w-]{20,}",
    "npm_\\w{30,}",
    "SG\\.[\\w-]{16,}\\.[\\w-]{16,}", // SendGrid
    "gw_[\\w-]{43}", // ours
  ].join("|")})`,
  "g",
);

/** `scheme://user:password@`, `//user:password@`, and the first of them percent-encoded. */
// of the scheme its last character will do: looking for its beginning takes time by the square of a text
const USER_INFO = /([a-z0-9+.-]:(?:\\?\/){2})[^\s/?#"'<>]+@/gi;
const BARE_USER_INFO = /((?:^|[\s"'=(<])\/\/)[^\s/?#"'<>:]+:[^\s/?#"'<>]+@/g;
const ENCODED_USER_INFO = /(%3A%2F%2F)(?:(?!%2F|%3F|%40)[^\s&"'<>])+%40/gi;
/** Links that let in whoever has them: a password to set, an invitation, a hook. */
const SECRET_PATH =
  /(\/(?:reset|reset-password|password|invite|invitation|verify|confirm|magic|magic-link|unsubscribe|hooks?|webhooks?|tokens?)s?\/)([\w.~%-]{16,})/gi;
const SLACK_HOOK = /(\/services\/T\w{6,}\/B\w{6,}\/)\w{16,}/g;

/** Whatever holds none of these holds nothing that is looked for: most texts, and then nothing is done. */
const TRIGGER = new RegExp(
  [
    NAME,
    "[?&;#3f36](?:key|code)(?:=|%3D)",
    "%[0-9a-f]{2}",
    "bearer|basic|digest|negotiate|ntlm|eyJ|@|%40|PRIVATE KEY|/services/T",
    "gh[pousr]_|github_|glpat-|xox|[rs]k_|AKIA|ASIA|AIza|ya29|npm_|SG\\.|gw_",
    "/(?:reset|password|invit|verify|confirm|magic|unsubscribe|hook|webhook)",
  ].join("|"),
  "i",
);

/** What a page says of a secret that it did not get. */
const HARMLESS =
  /^(?:null|nil|none|true|false|undefined|empty|invalid|expired|missing|required|absent|unknown|denied|revoked|disabled|enabled|not|no|is|was|has|must|the|a|an|your)[.!]?$/i;

/** True for names of headers, parameters and fields whose value nobody else may read. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** True for names of parameters in a query: API keys and OAuth codes as well. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || /^(?:key|code)$/i.test(name);
}

/**
 * Text that may be stored, logged and shown: without credentials in URLs, values of secret-looking
 * parameters, fields, elements and header lines, authorisation values, JSON web tokens, private keys
 * and tokens of well-known shapes. What only speaks about secrets ("invalid token") stays.
 */
export function redactSecrets(text: string): string {
  if (!TRIGGER.test(text)) return text;
  return withoutCredentials(withoutTokens(withoutNamed(text)));
}

function withoutNamed(text: string): string {
  return text
    .replace(PRIVATE_KEY, `$1${REDACTED}`)
    .replace(ELEMENT, `$1${REDACTED}`)
    .replace(CELL, `$1${REDACTED}`)
    .replace(TAG, withoutTagValue)
    .replace(HEADER_LINE, `$1${REDACTED}`)
    .replace(NAMED, withoutNamedValue)
    .replace(QUERY_ONLY, `$1${REDACTED}`)
    .replace(ENCODED_NAME, (pair, mark: string, name: string) =>
      isSecretParameter(decoded(name)) ? `${mark}${name}=${REDACTED}` : pair,
    );
}

function withoutNamedValue(match: string, ...rest: unknown[]): string {
  // the last argument of a replacer is the named groups, when there are any
  const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
  const { name = "", between = "", quoted, bare, escaped, entity } = groups;
  if (bare !== undefined && HARMLESS.test(bare)) return match;
  if (quoted !== undefined && HARMLESS.test(quoted.replaceAll(/^["']|["']$/g, ""))) return match;
  const quote = escaped ?? entity ?? (quoted === undefined ? "" : (quoted[0] ?? ""));
  return `${name}${between}${quote}${REDACTED}${quote}`;
}

function withoutTagValue(tag: string): string {
  const names = [...tag.matchAll(TAG_NAME)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
  if (!names.some(isSecretName)) return tag;
  return tag.replace(TAG_VALUE, (_, name: string, between: string) => `${name}${between}"${REDACTED}"`);
}

function withoutTokens(text: string): string {
  return text
    .replace(BEARER, `$1$2${REDACTED}`)
    .replace(BASIC, (match, scheme: string, between: string, value: string) =>
      // credentials are user:password; "Basic realm" and "basic authentication" are not
      Buffer.from(value, "base64").includes(":") ? `${scheme}${between}${REDACTED}` : match,
    )
    .replace(DIGEST, (line) => line.replace(DIGEST_PROOF, `$1$2"${REDACTED}"`))
    .replace(JSON_WEB_TOKEN, REDACTED)
    .replace(KNOWN_TOKENS, REDACTED);
}

function withoutCredentials(text: string): string {
  return text
    .replace(USER_INFO, "$1…@")
    .replace(BARE_USER_INFO, "$1…@")
    .replace(ENCODED_USER_INFO, "$1…%40")
    .replace(SECRET_PATH, `$1${REDACTED}`)
    .replace(SLACK_HOOK, `$1${REDACTED}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
