import type { z } from "zod";

import { nearest } from "./nearest.ts";
import { schemaOf, shapeOf } from "./schema-walk.ts";
import { toYamlPath, yamlKeyOf } from "./yaml-keys.ts";

/** One thing that is wrong, by the file's own keys. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** Whether the key itself is wrong or what it holds. */
  readonly part: "key" | "value";
  readonly message: string;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "must be text",
  number: "must be a number",
  int: "must be a whole number",
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be a mapping of keys and values",
  record: "must be a mapping of keys and values",
};

/**
 * A zod issue as a sentence that says what was found and what is allowed.
 * @param schema the schema that found it, for the keys that are allowed
 * @param written the value as it stands in the file, placeholders unresolved, so that no
 *   variable's value is ever repeated
 */
export function describeIssue(issue: z.core.$ZodIssue, schema: z.core.$ZodType, written: unknown): Finding[] {
  const path = toYamlPath(issue.path, schema);
  const found = path.reduce<unknown>(partOf, written);
  if (issue.code === "unrecognized_keys") return unknownKeys(issue, schema, path);
  const name = nameOf(path);
  if (found === undefined && isMissing(issue)) {
    return [{ path, part: "value", message: `${name} is missing${allowedValues(issue)}` }];
  }
  if (issue.code === "invalid_union")
    return [{ path, part: "value", message: unionMessage(issue, name, shown(path, found)) }];
  return [
    {
      path,
      part: "value",
      message: `${withName(name, textOf(issue))}, found ${shown(path, found)}${suggestion(issue, found)}`,
    },
  ];
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union";
}

function unknownKeys(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  schema: z.core.$ZodType,
  path: PropertyKey[],
): Finding[] {
  const owner = issue.path.reduce<z.core.$ZodType | undefined>(schemaOf, schema);
  const allowed = Object.keys(shapeOf(owner) ?? {}).map(yamlKeyOf);
  return issue.keys.map((marked) => {
    const [key = marked] = toYamlPath([marked], undefined).map(String);
    return { path: [...path, key], part: "key", message: unknownKeyMessage(key, allowed) };
  });
}

/** The sentence for a key that is not allowed where it stands. */
export function unknownKeyMessage(key: string, allowed: readonly string[]): string {
  const meant = nearest(key, allowed);
  const hint = meant === null ? "" : `; did you mean \`${meant}\`?`;
  return `\`${key}\` is not a key here${hint}${hint === "" ? ";" : ""} allowed: ${allowed.join(", ")}`;
}

function textOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.path.some((part) => String(part).endsWith("Ms")))
        return "must be a duration such as 500ms, 30s or 5m";
      return isOwn(issue.message) ? issue.message : (EXPECTED[issue.expected] ?? issue.message);
    case "invalid_value":
      return isOwn(issue.message) ? issue.message : `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return isOwn(issue.message)
        ? issue.message
        : `must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case "too_big":
      return isOwn(issue.message)
        ? issue.message
        : `must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
    // a record's key: what is wrong with it stands one level deeper
    case "invalid_key":
      return issue.issues.map(({ message }) => message).join(", ");
    default:
      return issue.message;
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}

/** Our own schemas speak in lower case ("must be …", "is not …"); zod's own words begin with a capital. */
function isOwn(message: string): boolean {
  return /^[a-z]/.test(message);
}

function withName(name: string, text: string): string {
  return isOwn(text) ? `${name} ${text}` : `${name}: ${text}`;
}

/** What the branches of a union would take, from those that came closest. */
function unionMessage(issue: z.core.$ZodIssueInvalidUnion, name: string, found: string): string {
  if (isOwn(issue.message)) return `${name} ${issue.message}, found ${found}`;
  const branches = issue.errors.map(([first]) => first).filter((first) => first !== undefined);
  // a branch of the right type that refuses the value says more than "must be text"
  const closest = branches.filter(({ code }) => code !== "invalid_type");
  const texts = (closest.length > 0 ? closest : branches).map(textOf);
  return `${withName(name, [...new Set(texts)].join(" or "))}, found ${found}`;
}

function allowedValues(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return `; allowed: ${issue.values.map(String).join(", ")}`;
  return issue.code === "invalid_type" && EXPECTED[issue.expected] !== undefined
    ? `; it ${EXPECTED[issue.expected]}`
    : "";
}

function suggestion(issue: z.core.$ZodIssue, found: unknown): string {
  if (issue.code !== "invalid_value" || typeof found !== "string") return "";
  const meant = nearest(found, issue.values.map(String));
  return meant === null ? "" : `; did you mean ${meant}?`;
}

/** `components[2].checks[0].url`; the whole file has no name of its own. */
export function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the file";
  const last = path.at(-1);
  if (typeof last === "string") return `\`${last}\``;
  const owner = path.findLast((part) => typeof part === "string");
  return owner === undefined ? "the entry" : `the entry of \`${owner}\``;
}

function partOf(value: unknown, key: PropertyKey): unknown {
  return value !== null && typeof value === "object"
    ? new Map<PropertyKey, unknown>(entriesOf(value)).get(String(key))
    : undefined;
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value);
}

// credentials belong into variables, but some will be written into the file all the same
const CONFIDENTIAL = /header|body|password|secret|token|credential|auth|client_key|^send/i;

function shown(path: readonly PropertyKey[], found: unknown): string {
  const secret = typeof found === "string" && path.some((part) => CONFIDENTIAL.test(String(part)));
  return secret ? "text that is not shown here" : show(found);
}

const MAX_SHOWN = 60;

/** What stands in the file, short; text that has a variable in it is shown as written. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = typeof value === "string" ? JSON.stringify(value) : `${value as number | boolean}`;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…"` : text;
}
