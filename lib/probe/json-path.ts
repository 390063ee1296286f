import { JSONPathEnvironment, type JSONValue } from "json-p3";
import { z } from "zod";

import { compilePattern, problemOf } from "./pattern.ts";

const OPERATORS = ["eq", "ne", "lt", "le", "gt", "ge", "contains", "exists", "matches"] as const;
type Operator = (typeof OPERATORS)[number];

// RFC 9535's functions stay out: match() and search() would run expressions that can take for ever
const environment = new JSONPathEnvironment();
environment.functionRegister.clear();

const QUOTED = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;

/** Why a path is refused, null when it is fine. What would multiply the work on a hostile document is not taken. */
function pathProblem(path: string): string | null {
  const bare = path.replaceAll(QUOTED, "''");
  if (bare.includes(",")) return "must not list several selectors in one pair of brackets";
  if (bare.lastIndexOf("$") > 0) return "must not refer to the root again inside a filter";
  if (bare.split("..").length > 2) return "may hold `..` once";
  try {
    environment.compile(path);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `is not a JSON path without functions (RFC 9535), such as $.status: ${reason.slice(0, 120)}`;
  }
}

const pathSchema = z
  .string()
  .max(256, "is longer than 256 characters")
  .superRefine((path, context) => {
    const problem = pathProblem(path);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

/** One comparison of what a path finds in a JSON answer. */
export const jsonConditionSchema = z
  .strictObject({
    path: pathSchema.describe("JSON path (RFC 9535), such as $.status."),
    op: z.enum(OPERATORS).default("eq").describe("How what is found is compared."),
    value: z
      .union([z.string().max(1024), z.number(), z.boolean(), z.null()])
      .optional()
      .describe("What it is compared with."),
  })
  .superRefine((condition, context) => {
    const problem = valueProblem(condition.op, condition.value);
    if (problem !== null) context.addIssue({ code: "custom", path: ["value"], message: problem });
  });
export type JsonCondition = z.infer<typeof jsonConditionSchema>;
type Scalar = string | number | boolean | null;

function valueProblem(op: Operator, value: JsonCondition["value"]): string | null {
  switch (op) {
    case "exists":
      return value === undefined || typeof value === "boolean"
        ? null
        : "must be true, false, or left out with `exists`";
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return typeof value === "number" ? null : `must be a number with \`${op}\``;
    case "matches":
      return typeof value === "string" ? problemOf(value) : "must be a regular expression with `matches`";
    default:
      return value === undefined ? `is missing; say what \`${op}\` compares with` : null;
  }
}

/**
 * A condition made ready. Every value that the path finds must satisfy it, and at least one must be
 * found (unless `exists` is false).
 * @returns a function that says what is wrong with a document, null when nothing is
 */
export function compileCondition({ path, op, value }: JsonCondition): (document: JSONValue) => string | null {
  const query = environment.compile(path);
  if (op === "exists") {
    const wanted = value !== false;
    return (document) =>
      (query.match(document) !== undefined) === wanted
        ? null
        : `${path} is ${wanted ? "missing" : "there, and must not be"}`;
  }
  const holds = comparison(op, value ?? null);
  return (document) => {
    let found = 0;
    for (const node of query.lazyQuery(document)) {
      found++;
      if (!holds(node.value)) return `${path} ${op} ${show(value)}: found ${show(node.value)}`;
    }
    return found === 0 ? `${path} ${op} ${show(value)}: nothing is there` : null;
  };
}

function comparison(op: Exclude<Operator, "exists">, wanted: Scalar): (found: JSONValue) => boolean {
  switch (op) {
    case "eq":
      return (found) => found === wanted;
    case "ne":
      return (found) => found !== wanted;
    case "contains":
      return (found) =>
        Array.isArray(found)
          ? found.includes(wanted)
          : typeof found === "string" && found.includes(String(wanted));
    case "matches": {
      const pattern = compilePattern(String(wanted));
      return (found) => pattern(typeof found === "string" ? found : JSON.stringify(found));
    }
    default:
      return (found) => inOrder(op, numberOf(found), Number(wanted));
  }
}

function inOrder(op: "lt" | "le" | "gt" | "ge", found: number, wanted: number): boolean {
  if (op === "lt") return found < wanted;
  if (op === "le") return found <= wanted;
  return op === "gt" ? found > wanted : found >= wanted;
}

/** Numbers that come as text count as numbers; everything else is in no order. */
function numberOf(value: JSONValue): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
