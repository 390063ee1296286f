import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";
import { z } from "zod";

import { checkInputSchema } from "#lib/catalog/input.ts";
import { TARGET_SCHEMAS } from "#lib/catalog/kinds.ts";
import { parseConfig } from "#lib/catalog/yaml-config.ts";
import { fileSchema, yamlKeyPaths } from "#lib/catalog/yaml-schema.ts";
import { formatDuration } from "#lib/config/duration.ts";
import { environmentSchema } from "#lib/config/env.ts";
import { schemaOf, shapeOf } from "#lib/config/schema-walk.ts";
import { yamlKeyOf } from "#lib/config/yaml-keys.ts";

const ROOT = join(import.meta.dirname, "../../..");
const DOCUMENT = readFileSync(join(ROOT, "docs/configuration.md"), "utf8");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const EXAMPLE = readFileSync(join(ROOT, "gatewatch.example.yaml"), "utf8");

interface Row {
  readonly key: string;
  readonly byDefault: string;
  readonly cells: readonly string[];
}

/** The rows of the tables under each heading, by the heading's text. */
function tables(): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  let heading = "";
  for (const line of DOCUMENT.split("\n")) {
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    const key = /^\| `([^`]+)` \|/.exec(line)?.[1];
    if (key === undefined) continue;
    const cells = line.split(" | ");
    found.set(heading, [...(found.get(heading) ?? []), { key, byDefault: cells[2] ?? "", cells }]);
  }
  return found;
}

const TABLES = tables();

/** How a default stands in the tables; null for one that is described in words. */
function writtenDefault(field: string, schema: z.core.$ZodType | undefined): string | null {
  if (!(schema instanceof z.ZodDefault)) return null;
  const value: unknown = schema.def.defaultValue;
  if (value === null) return "none";
  if (field.endsWith("Ms") && Array.isArray(value))
    return `\`[${value.map((ms) => formatDuration(Number(ms))).join(", ")}]\``;
  if (field.endsWith("Ms")) return `\`${formatDuration(Number(value))}\``;
  return typeof value === "string" ? `\`${value}\`` : `\`${JSON.stringify(value)}\``;
}

function expectDefaults(
  schema: z.core.$ZodType | undefined,
  rows: readonly Row[] | undefined,
  spell: (field: string) => string,
): void {
  for (const [field, inner] of Object.entries(shapeOf(schema) ?? {})) {
    const expected = writtenDefault(field, inner);
    const row = rows?.find(({ key }) => key === spell(field));
    if (expected !== null && row !== undefined) expect([row.key, row.byDefault]).toEqual([row.key, expected]);
  }
}

test("every variable is documented, and no other", () => {
  const rows = TABLES.get("Environment variables");
  expect(rows?.map(({ key }) => key).toSorted((a, b) => a.localeCompare(b))).toEqual(
    Object.keys(environmentSchema.shape).toSorted((a, b) => a.localeCompare(b)),
  );
  expectDefaults(environmentSchema, rows, (field) => field);
});

test("every key of gatewatch.yaml is documented, and no other", () => {
  const prefixes: [heading: string, prefix: string][] = [
    ["gatewatch.yaml", ""],
    ["`page`", "page."],
    ["`groups[]`", "groups[]."],
    ["`components[]`", "components[]."],
    ["`components[].checks[]`", "components[].checks[]."],
    ...Object.keys(TARGET_SCHEMAS).map((kind): [string, string] => [
      `\`components[].checks[]\` of kind \`${kind}\``,
      `components[].checks[](${kind}).`,
    ]),
  ];
  const documented = prefixes.flatMap(([heading, prefix]) =>
    (TABLES.get(heading) ?? []).map(({ key }) => `${prefix}${key}`),
  );
  expect(documented.toSorted((a, b) => a.localeCompare(b))).toEqual(
    yamlKeyPaths().toSorted((a, b) => a.localeCompare(b)),
  );
});

test("the defaults that are written down are the ones that hold", () => {
  expectDefaults(schemaOf(fileSchema, "page"), TABLES.get("`page`"), yamlKeyOf);
  expectDefaults(schemaOf(schemaOf(fileSchema, "components"), 0), TABLES.get("`components[]`"), yamlKeyOf);
  expectDefaults(checkInputSchema, TABLES.get("`components[].checks[]`"), yamlKeyOf);
  for (const [kind, schema] of Object.entries(TARGET_SCHEMAS)) {
    expectDefaults(schema, TABLES.get(`\`components[].checks[]\` of kind \`${kind}\``), yamlKeyOf);
  }
});

test("each row has its five columns", () => {
  for (const rows of TABLES.values())
    for (const { key, cells } of rows) expect([key, cells.length]).toEqual([key, 5]);
});

test.each([
  ["gatewatch.example.yaml", EXAMPLE],
  ...[...DOCUMENT.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => ["docs/configuration.md", text]),
  ["README.md", /```yaml\n([^]*?)```/.exec(README)?.[1] ?? ""],
])("the example in %s is accepted", (file = "", text = "") => {
  expect(parseConfig(text, file, { ORDERS_TOKEN: "t" }).components.length).toBeGreaterThan(0);
});
