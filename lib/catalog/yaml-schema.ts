import { z } from "zod";

import { innerSchema, shapeOf } from "#lib/config/schema-walk.ts";
import { yamlKeyOf } from "#lib/config/yaml-keys.ts";

import { checkInputSchema, componentInputSchema, groupInputSchema, line, pageInputSchema } from "./input.ts";
import { TARGET_SCHEMAS } from "./kinds.ts";

const componentSchema = componentInputSchema.omit({ groupId: true, position: true }).extend({
  group: line(100).nullable().default(null),
  // each check has the schema of its kind: read one by one in yaml-check.ts
  checks: z.array(z.unknown()).max(200, "takes at most 200 checks").default([]),
});

const { supportUrl, ...pageShape } = pageInputSchema.shape;

/**
 * gatewatch.yaml, except for what stands inside a check. Field names are the code's; the file
 * spells them as lib/config/yaml-keys.ts says.
 */
export const fileSchema = z.strictObject({
  page: z.strictObject({ ...pageShape, support: supportUrl }).optional(),
  groups: z
    .array(groupInputSchema.omit({ position: true }))
    .max(200, "takes at most 200 groups")
    .optional(),
  // asked for, so that a file cut off half-way does not read as "archive everything"
  components: z.array(componentSchema).max(2_000, "takes at most 2000 components"),
});
export type FileContent = z.output<typeof fileSchema>;

/** The fields of every check; the rest of its keys belong to its kind. */
export const COMMON_CHECK_FIELDS: readonly string[] = Object.keys(shapeOf(checkInputSchema) ?? {}).filter(
  (field) => field !== "target",
);

/** Every key that the file takes, as a path: `components[].checks[].interval`, `…checks[].url` with its kind. */
export function yamlKeyPaths(): string[] {
  const checks = "components[].checks[]";
  const common = COMMON_CHECK_FIELDS.map((field) => `${checks}.${yamlKeyOf(field)}`);
  const ofKinds = Object.entries(TARGET_SCHEMAS).flatMap(([kind, schema]) =>
    Object.keys(shapeOf(schema) ?? {}).map((field) => `${checks}(${kind}).${yamlKeyOf(field)}`),
  );
  return [...pathsOf(fileSchema, ""), ...common, ...ofKinds];
}

function pathsOf(schema: z.core.$ZodType, prefix: string): string[] {
  return Object.entries(shapeOf(schema) ?? {}).flatMap(([field, inner]) => {
    const path = `${prefix}${yamlKeyOf(field)}`;
    const item = listItem(inner);
    return [path, ...(item === null ? pathsOf(inner, `${path}.`) : pathsOf(item, `${path}[].`))];
  });
}

function listItem(schema: z.core.$ZodType): z.core.$ZodType | null {
  const inner = innerSchema(schema);
  return inner instanceof z.ZodArray ? inner.def.element : null;
}
