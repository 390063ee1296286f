import type { z } from "zod";

import { parseDuration } from "./duration.ts";
import { schemaOf, shapeOf } from "./schema-walk.ts";

/**
 * How schemas written for code are spelt in the file: `followRedirects` is `follow_redirects`,
 * and what ends in `Ms` is a duration without the ending (`slowMs: 2000` is `slow: 2s`). One
 * rule for every kind of check, so that a new kind needs no word here.
 */
export function yamlKeyOf(field: string): string {
  return field.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The value with the file's keys turned into the schema's fields; unknown keys stay as they are. */
export function fromYamlKeys(value: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (Array.isArray(value)) return value.map((item, i) => fromYamlKeys(item, schemaOf(schema, i)));
  if (value === null || typeof value !== "object") return value;
  const shape = shapeOf(schema);
  const fields = new Map(Object.keys(shape ?? {}).map((field) => [yamlKeyOf(field), field]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      // a mapping without known keys (headers, say) keeps its own
      if (shape === null) return [key, fromYamlKeys(item, schemaOf(schema, key))];
      const field = fields.get(key);
      // `followRedirects` itself is not a key of the file: marked, so that it is refused as unknown
      if (field === undefined) return [key in shape ? unknownKey(key) : key, item];
      return [field, field.endsWith("Ms") ? fromDurations(item) : fromYamlKeys(item, shape[field])];
    }),
  );
}

/** Durations, also in a list, as milliseconds; what is none becomes text, which no number schema takes. */
function fromDurations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromDurations);
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? (parseDuration(value.trim()) ?? value) : value;
}

const MARK = "\u0000";

function unknownKey(key: string): string {
  return `${MARK}${key}`;
}

/** A path of the schema's fields as the path of the file's keys. */
export function toYamlPath(path: readonly PropertyKey[], schema: z.core.$ZodType | undefined): PropertyKey[] {
  let current = schema;
  return path.map((part) => {
    const known = shapeOf(current);
    current = schemaOf(current, part);
    if (typeof part !== "string") return part;
    return known !== null && part in known ? yamlKeyOf(part) : part.replace(MARK, "");
  });
}
