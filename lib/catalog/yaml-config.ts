import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";

import { GatewatchError, messageOf, type FieldProblem } from "#lib/base/errors.ts";
import { describeIssue } from "#lib/config/describe-issue.ts";
import { processVariables, type Variables } from "#lib/config/placeholders.ts";
import { readYamlDocument, type YamlDocument, type YamlPath } from "#lib/config/yaml-document.ts";
import { fromYamlKeys } from "#lib/config/yaml-keys.ts";

import type { CheckInput, ComponentInput, PageInput } from "./input.ts";
import { readYamlCheck } from "./yaml-check.ts";
import { duplicateProblems } from "./yaml-duplicates.ts";
import { fileSchema, type FileContent } from "./yaml-schema.ts";

export interface ConfigComponent extends Omit<ComponentInput, "groupId" | "position"> {
  /** Name of its group. */
  readonly group: string | null;
  readonly checks: readonly CheckInput[];
  /** `file:line:column`, for what turns out only beside the database. */
  readonly at: string;
}

/** gatewatch.yaml, checked as a whole. */
export interface GatewatchConfig {
  /** Null: the file says nothing of the page. */
  readonly page: PageInput | null;
  /** Names in page order. */
  readonly groups: readonly string[];
  readonly components: readonly ConfigComponent[];
}

/**
 * Reads and checks gatewatch.yaml.
 * @param variables what `${NAME}` may name; the process's environment unless a test says otherwise
 * @throws GatewatchError CONFIG_INVALID with every problem, each as `file:line:column`
 */
export async function readConfigFile(
  path: string,
  variables: Variables = processVariables(),
): Promise<GatewatchConfig> {
  return parseConfig(await readConfigText(path), basename(path), variables);
}

/**
 * The text of the file.
 * @throws GatewatchError CONFIG_INVALID when it is missing or cannot be read
 */
export async function readConfigText(path: string): Promise<string> {
  try {
    // a named pipe would never end
    if (!(await stat(path)).isFile()) throw new Error("it is not a file");
    return await readFile(path, "utf8");
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = missing ? "there is no such file" : messageOf(cause);
    const message = `${path} cannot be read: ${why}. Set GATEWATCH_CONFIG to the path of gatewatch.yaml, or unset it.`;
    throw new GatewatchError("CONFIG_INVALID", message, { cause, problems: [{ path, message: why }] });
  }
}

/**
 * Checks the text of a gatewatch.yaml.
 * @param file how the file is named in errors
 * @throws GatewatchError CONFIG_INVALID with every problem
 */
export function parseConfig(text: string, file: string, variables: Variables): GatewatchConfig {
  const document = readYamlDocument(text, file, variables);
  const problems = [...document.problems];
  if (document.written === null) {
    if (problems.length > 0) throw invalid(file, problems);
    throw invalid(file, [
      { path: document.locate([]), message: "the file is empty; write at least `components: []`" },
    ]);
  }
  const parsed = fileSchema.safeParse(fromYamlKeys(document.resolved, fileSchema));
  for (const issue of parsed.error?.issues ?? []) {
    for (const { path, part, message } of describeIssue(issue, fileSchema, document.written)) {
      problems.push({ path: document.locate(path, part), message });
    }
  }
  const checks = readChecks(document, problems);
  if (!parsed.success) throw invalid(file, problems);
  problems.push(...duplicateProblems(parsed.data, checks, document));
  if (problems.length > 0) throw invalid(file, problems);
  return assemble(parsed.data, checks, document);
}

/** The checks of each component, by the component's place in the file. */
function readChecks(document: YamlDocument, problems: FieldProblem[]): CheckInput[][] {
  return listAt(document.resolved, ["components"]).map((_, i) =>
    listAt(document.resolved, ["components", i, "checks"]).flatMap((resolved, j) => {
      const path: YamlPath = ["components", i, "checks", j];
      const { check, findings } = readYamlCheck(resolved, valueAt(document.written, path));
      for (const finding of findings) {
        problems.push({
          path: document.locate([...path, ...finding.path], finding.part),
          message: finding.message,
        });
      }
      return check === null ? [] : [check];
    }),
  );
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((part, key) => {
    if (part === null || typeof part !== "object") return undefined;
    const own: { value?: unknown } | undefined = Object.getOwnPropertyDescriptor(part, key);
    return own?.value;
  }, value);
}

function listAt(value: unknown, path: YamlPath): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

function assemble(
  content: FileContent,
  checks: readonly CheckInput[][],
  document: YamlDocument,
): GatewatchConfig {
  const named = content.components.flatMap(({ group }) => (group === null ? [] : [group]));
  return {
    page: content.page === undefined ? null : pageOf(content.page),
    groups: content.groups?.map(({ name }) => name) ?? [...new Set(named)],
    components: content.components.map((component, i) => ({
      ...component,
      checks: checks[i] ?? [],
      at: document.locate(["components", i, "name"]),
    })),
  };
}

function pageOf({ support, ...page }: NonNullable<FileContent["page"]>): PageInput {
  return { ...page, supportUrl: support };
}

function invalid(file: string, problems: readonly FieldProblem[]): GatewatchError {
  // one place, one sentence: a variable that is not set is no valid URL either
  const first = new Map(problems.toReversed().map((problem) => [problem.path, problem]));
  const sorted = [...first.values()].toSorted((a, b) => placeNumber(a.path) - placeNumber(b.path));
  const lines = sorted.map(({ path, message }) => `${path}: ${message}`);
  const [only = ""] = lines;
  const message = lines.length === 1 ? only : `${file} has ${lines.length} problems:\n${lines.join("\n")}`;
  return new GatewatchError("CONFIG_INVALID", message, { problems: sorted });
}

/** Line and column of `file:line:column` as one number to sort by. */
function placeNumber(place: string): number {
  const [column = "0", line = "0"] = place.split(":").toReversed();
  return Number(line) * 1e6 + Number(column);
}
