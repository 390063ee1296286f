import type { HttpTarget } from "#lib/probe/registry.ts";

type Conditions = NonNullable<HttpTarget["json"]>;

/** Comparisons as lines of a text field: `$.status eq "ok"`. */
export function toJsonLines(conditions: Conditions): string {
  return conditions
    .map(({ path, op, value }) =>
      [path, op, ...(value === undefined ? [] : [JSON.stringify(value)])].join(" "),
    )
    .join("\n");
}

const LINE = /^(\S.*?)\s+(eq|ne|lt|le|gt|ge|contains|exists|matches)(?:\s+(\S.*))?$/;

export type JsonLinesReading =
  | { readonly conditions: readonly { path: string; op: string; value?: unknown }[] }
  | { readonly problem: string };

/** Comparisons from the lines of a text field; the target's schema judges what they say. */
export function fromJsonLines(text: string): JsonLinesReading {
  const conditions: { path: string; op: string; value?: unknown }[] = [];
  for (const line of text.split("\n").map((part) => part.trim())) {
    if (line === "") continue;
    const [, path, op, value] = LINE.exec(line) ?? [];
    if (path === undefined || op === undefined)
      return { problem: `“${line}” is not a comparison; write one a line, like $.status eq "ok".` };
    conditions.push({ path, op, ...(value === undefined ? {} : { value: valueOf(value) }) });
  }
  return { conditions };
}

/** JSON where it is some; a bare word is text, because everybody will write one. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
