import { isSecretName, isSecretParameter } from "#lib/base/redact.ts";

/** Shorter ones stand in ordinary text by chance. */
const SHORTEST = 6;
/** The same for a piece of a value, of which we do not know that it is the secret part. */
const SHORTEST_PART = 12;

/** Values among the headers and parameters we send that an answer must not give away by echoing them. */
export function secretValues(sent: Iterable<readonly [name: string, value: string]>): string[] {
  return [...sent].filter(([name]) => isSecretParameter(name)).flatMap(([, value]) => partsOf(value));
}

function partsOf(value: string): string[] {
  const parts = value.split(/[\s;,]+/);
  // "sid=…" of a cookie, "response=…" of a digest
  const values = parts.flatMap((part) => /^[\w.-]{1,64}="?(.+?)"?$/.exec(part)?.[1] ?? []);
  const basic = /^basic\s+([\w+/=-]+)$/i.exec(value.trim())?.[1];
  const credentials = basic === undefined ? "" : Buffer.from(basic, "base64").toString("utf8");
  const password = credentials.slice(credentials.indexOf(":") + 1);
  return [
    ...[value, credentials, password, ...values].filter(({ length }) => length >= SHORTEST),
    ...parts.filter(({ length }) => length >= SHORTEST_PART),
  ];
}

/**
 * Secrets in a body that we send: fields of JSON and of forms that are named like one.
 * @param body anything; what is neither gives none
 */
export function secretsInBody(body: string | undefined): string[] {
  if (body === undefined) return [];
  try {
    return secretsInJson(JSON.parse(body));
  } catch {
    return secretValues(new URLSearchParams(body));
  }
}

function secretsInJson(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string" && isSecretName(name) ? partsOf(inner) : secretsInJson(inner),
  );
}

interface Forms {
  /** Finds a secret in any way of writing it. */
  readonly pattern: RegExp;
  /** The most common ways, for finding out that a text ends within one. */
  readonly texts: readonly string[];
}

// a check's secrets are the same array for as long as its target is: the pattern is made once
const known = new WeakMap<readonly string[], Forms>();

/** The secrets as they are and in the ways in which answers write what they were sent. */
export function formsOf(sent: readonly string[]): Forms {
  let forms = known.get(sent);
  if (forms === undefined) {
    // the longest first, so that no part of one is left over
    const secrets = [...new Set(sent)].toSorted((a, b) => b.length - a.length);
    const encoded = secrets.flatMap((secret) => [Buffer.from(secret).toString("hex"), ...inBase64(secret)]);
    const patterns = [...secrets.map(escapedAnyhow), ...encoded.map(literally)];
    forms = {
      pattern: new RegExp(patterns.join("|") || "(?!)", "gi"),
      texts: [...secrets, ...secrets.map((secret) => encodeURIComponent(secret.toWellFormed())), ...encoded],
    };
    known.set(sent, forms);
  }
  return forms;
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Each character as it is, or as URLs (also twice), HTML and JSON escape it. */
function escapedAnyhow(secret: string): string {
  return Array.from(secret.toWellFormed(), (char) => {
    const plain = literally(char);
    if (/^[a-z0-9]$/i.test(char)) return plain;
    const code = char.codePointAt(0) ?? 0;
    const percent = Array.from(Buffer.from(char), (byte) => `%(?:25)?${byte.toString(16).padStart(2, "0")}`);
    const units = char.split("").map((unit) => `\\\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const ways = [
      plain,
      percent.join(""),
      units.join(""),
      `&#0*${code};`,
      `&#x0*${code.toString(16)};`,
      ENTITIES[char] ?? null,
      /["\\/]/.test(char) ? `\\\\${plain}` : null,
      char === " " ? "\\+" : null,
    ];
    return `(?:${ways.filter((way) => way !== null).join("|")})`;
  }).join("");
}

/**
 * What base64 makes of a text that stands anywhere inside of another: it depends on where, in one
 * of three ways, and its ends depend on the neighbours.
 */
function inBase64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replaceAll("=", "");
    // characters that hold bits of what stands before it or after it
    const start = [0, 2, 3][before] ?? 0;
    const whole = (bytes.length + before) % 3 === 0;
    const core = text.slice(start, whole ? undefined : -1);
    return core.length < 8 ? [] : [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
