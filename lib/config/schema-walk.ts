import { z } from "zod";

/** A schema without its defaults, transforms and the like: what decides which keys are allowed. */
export function innerSchema(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  for (;;) {
    if (inner instanceof z.ZodPipe) inner = inner.def.in;
    else if (
      inner instanceof z.ZodOptional ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault ||
      inner instanceof z.ZodReadonly
    ) {
      inner = inner.def.innerType;
    } else return inner;
  }
}

/** The schemas of a mapping's keys, or null when the schema is no mapping with known keys. */
export function shapeOf(
  schema: z.core.$ZodType | undefined,
): Readonly<Record<string, z.core.$ZodType>> | null {
  const inner = schema === undefined ? undefined : innerSchema(schema);
  return inner instanceof z.ZodObject ? inner.shape : null;
}

/** The schema of a part: a key of a mapping, an entry of a list or record; undefined when there is none. */
export function schemaOf(schema: z.core.$ZodType | undefined, key: PropertyKey): z.core.$ZodType | undefined {
  const shape = shapeOf(schema);
  if (shape !== null) return shape[String(key)];
  const inner = schema === undefined ? undefined : innerSchema(schema);
  if (inner instanceof z.ZodArray) return inner.def.element;
  return inner instanceof z.ZodRecord ? inner.def.valueType : undefined;
}
