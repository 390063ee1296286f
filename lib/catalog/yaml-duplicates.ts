import type { FieldProblem } from "#lib/base/errors.ts";
import { nearest } from "#lib/config/nearest.ts";
import type { YamlDocument, YamlPath } from "#lib/config/yaml-document.ts";

import type { CheckInput } from "./input.ts";
import type { FileContent } from "./yaml-schema.ts";

/** What no single key can know: names that occur twice, and groups that are not in the list of groups. */
export function duplicateProblems(
  content: FileContent,
  checks: readonly CheckInput[][],
  document: YamlDocument,
): FieldProblem[] {
  const { components, groups } = content;
  const problems = [
    ...repeated(
      "group",
      (groups ?? []).map(({ name }, i) => [name, ["groups", i, "name"]]),
      document,
    ),
    ...repeated(
      "component",
      components.map(({ name }, i) => [name, ["components", i, "name"]]),
      document,
    ),
    ...repeated(
      "slug",
      components.flatMap(({ slug }, i): Named[] =>
        slug === undefined ? [] : [[slug, ["components", i, "slug"]]],
      ),
      document,
    ),
    ...checks.flatMap((list, i) =>
      repeated(
        "check",
        list.map(({ name }, j) => [name, ["components", i, "checks", j, "name"]]),
        document,
      ),
    ),
  ];
  return groups === undefined ? problems : [...problems, ...strangeGroups(content, groups, document)];
}

type Named = readonly [name: string, path: YamlPath];

function repeated(what: string, names: readonly Named[], document: YamlDocument): FieldProblem[] {
  const seen = new Map<string, YamlPath>();
  return names.flatMap(([name, path]) => {
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, path);
      return [];
    }
    const line = document.locate(first).split(":").at(-2) ?? "";
    return [
      {
        path: document.locate(path),
        message: `the ${what} “${name}” stands on line ${line} already; give one of them another name`,
      },
    ];
  });
}

function strangeGroups(
  { components }: FileContent,
  groups: readonly { readonly name: string }[],
  document: YamlDocument,
): FieldProblem[] {
  const names = groups.map(({ name }) => name);
  return components.flatMap(({ group }, i) => {
    if (group === null || names.includes(group)) return [];
    const meant = nearest(group, names);
    const hint = meant === null ? "" : `; did you mean “${meant}”?`;
    const message = `the group “${group}” is not in \`groups\`${hint}; allowed: ${names.join(", ")}`;
    return [{ path: document.locate(["components", i, "group"]), message }];
  });
}
