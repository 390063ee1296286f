import { describeIssue, nameOf, show, unknownKeyMessage, type Finding } from "#lib/config/describe-issue.ts";
import { nearest } from "#lib/config/nearest.ts";
import { mentionsVariable } from "#lib/config/placeholders.ts";
import { shapeOf } from "#lib/config/schema-walk.ts";
import { fromYamlKeys, yamlKeyOf } from "#lib/config/yaml-keys.ts";

import { checkInputSchema, type CheckInput } from "./input.ts";
import { TARGET_SCHEMAS } from "./kinds.ts";
import { COMMON_CHECK_FIELDS } from "./yaml-schema.ts";

export interface CheckReading {
  /** Null when something is wrong. */
  readonly check: CheckInput | null;
  /** Paths begin at the check. */
  readonly findings: readonly Finding[];
}

type Mapping = Readonly<Record<string, unknown>>;

const COMMON_KEYS = COMMON_CHECK_FIELDS.map(yamlKeyOf);

/**
 * Reads one check of the file: the common keys by this room's schema, the others by the schema
 * of its kind. What goes into the database keeps its `${NAME}`; what is checked has the values.
 */
export function readYamlCheck(resolved: unknown, written: unknown): CheckReading {
  if (!isMapping(resolved) || !isMapping(written)) {
    return failed({
      path: [],
      part: "value",
      message: `a check must be a mapping of keys and values, found ${show(resolved)}`,
    });
  }
  const kind = kindOf(resolved["kind"]);
  if (typeof kind !== "string") return failed(kind);
  const schema = TARGET_SCHEMAS[kind];
  const targetKeys = Object.keys(shapeOf(schema) ?? {}).map(yamlKeyOf);
  const allowed = [...COMMON_KEYS, ...targetKeys];
  const unknown = Object.keys(resolved).filter((key) => !allowed.includes(key));
  const findings: Finding[] = unknown.map((key) => ({
    path: [key],
    part: "key",
    message: unknownKeyMessage(key, allowed),
  }));

  const target = fromYamlKeys(pick(resolved, targetKeys), schema);
  const parsedTarget = schema?.safeParse(target);
  for (const issue of parsedTarget?.error?.issues ?? [])
    findings.push(...describeIssue(issue, schema ?? checkInputSchema, written));

  const fields: unknown = fromYamlKeys(pick(resolved, COMMON_KEYS), checkInputSchema);
  const writtenTarget = fromYamlKeys(pick(written, targetKeys), schema);
  const common = checkInputSchema.safeParse({
    ...(isMapping(fields) ? fields : {}),
    // with a variable in it the target is kept as written: the parsed one has the values
    target: mentionsVariable(writtenTarget) ? writtenTarget : parsedTarget?.data,
  });
  for (const issue of common.error?.issues ?? [])
    findings.push(...describeIssue(issue, checkInputSchema, written));
  return { check: findings.length === 0 && common.success ? common.data : null, findings };
}

function failed(finding: Finding): CheckReading {
  return { check: null, findings: [finding] };
}

function kindOf(kind: unknown): string | Finding {
  if (typeof kind === "string" && Object.hasOwn(TARGET_SCHEMAS, kind)) return kind;
  const kinds = Object.keys(TARGET_SCHEMAS);
  const allowed = `allowed: ${kinds.join(", ")}`;
  if (kind === undefined)
    return { path: ["kind"], part: "value", message: `${nameOf(["kind"])} is missing; ${allowed}` };
  const meant = typeof kind === "string" ? nearest(kind, kinds) : null;
  const hint = meant === null ? "" : `; did you mean ${meant}?`;
  return {
    path: ["kind"],
    part: "value",
    message: `\`kind\` is ${show(kind)}, which is no kind of check${hint}; ${allowed}`,
  };
}

function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function pick(value: Mapping, keys: readonly string[]): Mapping {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}
