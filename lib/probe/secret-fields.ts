import { z } from "zod";

import { isSecretName, redactText } from "./redact.ts";

/** Stands for a value that is not shown. */
export const MASK = "••••••••";

/** Marks a field whose value nobody may read back: every view of a target masks it. */
export function secret<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  return schema.meta({ description, secret: true });
}

// a whole value that is one variable says where the secret comes from, and nothing of it
const VARIABLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** A target with everything masked that its schema marks as secret, or whose name says so; for people to read. */
export function maskSecrets(target: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (Array.isArray(target)) return target.map((item) => maskSecrets(item, elementOf(schema)));
  // an address may hold a token, a body a password
  if (typeof target === "string") return isMarked(schema) ? mask(target) : redactText(target);
  if (typeof target !== "object" || target === null) return target;
  const shape = innermost(schema);
  return Object.fromEntries(
    Object.entries(target).map(([name, value]: [string, unknown]) => {
      const field = shape instanceof z.ZodObject ? shape.shape[name] : undefined;
      // an object under a telling name (basicAuth) has fields of its own that say what is secret
      const hidden = typeof value === "string" && (isMarked(field) || isSecretName(name));
      return [name, hidden ? mask(value) : maskSecrets(value, field)];
    }),
  );
}

function mask(value: string): string {
  return VARIABLE.test(value) ? value : MASK;
}

function innermost(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return innermost(schema.def.innerType);
  return schema instanceof z.ZodPipe ? innermost(schema.def.in) : schema;
}

function elementOf(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const inner = innermost(schema);
  return inner instanceof z.ZodArray ? inner.def.element : undefined;
}

function isMarked(schema: z.core.$ZodType | undefined): boolean {
  const inner = innermost(schema);
  return inner !== undefined && z.globalRegistry.get(inner)?.["secret"] === true;
}
