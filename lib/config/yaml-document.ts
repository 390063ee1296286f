import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Pair } from "yaml";

import type { FieldProblem } from "#lib/base/errors.ts";

import { hasPlaceholder, substitute, type Variables } from "./placeholders.ts";

export type YamlPath = readonly PropertyKey[];

/** A file's content in two readings, and where in the file each part of it stands. */
export interface YamlDocument {
  /** As written: strings keep their `${NAME}`. */
  readonly written: unknown;
  /** With the variables put in. */
  readonly resolved: unknown;
  /** Everything that is wrong with the file before anybody asks what it means. */
  readonly problems: readonly FieldProblem[];
  /** `file:line:column` of the value at a path, or of its key; of the nearest parent when it is missing. */
  locate(path: YamlPath, part?: "key" | "value"): string;
}

const MAX_BYTES = 1024 * 1024;
// aliases are expanded, so the count is bounded and not only the bytes: ten nested lists of ten aliases are 10^10
const MAX_NODES = 50_000;
const MAX_DEPTH = 32;

/** Reads YAML 1.2 with anchors and merge keys; never throws: what is wrong is in `problems`. */
export function readYamlDocument(text: string, file: string, variables: Variables): YamlDocument {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return failed(file, `is larger than ${MAX_BYTES / 1024} KB; split it or remove what is not needed`);
  }
  const lines = new LineCounter();
  // keys are compared by the reader below, which knows about merge keys as well
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: "error",
  });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const syntax = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    path: at(pos[0]),
    message:
      code === "DUPLICATE_KEY" ? "the key is used twice here; remove one of the two" : sentence(message),
  }));
  if (syntax.length > 0) return { ...failed(file, ""), problems: syntax };
  return new Reader(document, at, variables).read();
}

function failed(file: string, message: string): YamlDocument {
  const start = `${file}:1:1`;
  return { written: null, resolved: null, problems: [{ path: start, message }], locate: () => start };
}

function sentence(message: string): string {
  return `is not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** What a node says, as written and with its variables put in. */
interface Reading {
  readonly written: unknown;
  readonly resolved: unknown;
}

const NOTHING: Reading = { written: null, resolved: null };

/** Walks the nodes once; a class because position table, budget and problems belong to one walk. */
class Reader {
  private readonly places = new Map<string, { readonly key: string; readonly value: string }>();
  private readonly problems: FieldProblem[] = [];
  private nodes = 0;
  private readonly document: Document.Parsed;
  private readonly at: (offset: number) => string;
  private readonly variables: Variables;

  constructor(document: Document.Parsed, at: (offset: number) => string, variables: Variables) {
    this.document = document;
    this.at = at;
    this.variables = variables;
  }

  read(): YamlDocument {
    const start = this.at(0);
    this.places.set(keyOf([]), { key: start, value: start });
    const reading = this.visit(this.document.contents, [], start, new Set());
    return {
      ...reading,
      problems: this.problems,
      locate: (path, part = "value") => this.locate(path, part),
    };
  }

  private locate(path: YamlPath, part: "key" | "value"): string {
    const place = this.places.get(keyOf(path));
    if (place !== undefined) return place[part];
    // what is missing is pointed at through the mapping that should have it
    return path.length === 0 ? this.at(0) : this.locate(path.slice(0, -1), "value");
  }

  private visit(node: unknown, path: YamlPath, place: string, open: ReadonlySet<unknown>): Reading {
    this.nodes += 1;
    if (this.nodes > MAX_NODES || path.length > MAX_DEPTH) {
      if (this.nodes <= MAX_NODES + 1) {
        this.problems.push({
          path: place,
          message: "has too many entries once its aliases are expanded; use fewer",
        });
      }
      this.nodes = MAX_NODES + 2;
      return NOTHING;
    }
    if (isAlias(node)) {
      const target: unknown = node.resolve(this.document);
      if (target !== undefined && !open.has(target)) return this.visit(target, path, place, open);
      const why = target === undefined ? "has no anchor" : "points into itself";
      this.problems.push({ path: place, message: `the alias *${node.source} ${why}` });
      return NOTHING;
    }
    const inside = new Set(open).add(node);
    if (isMap(node)) return this.visitMap(node.items, path, inside);
    if (isSeq(node)) {
      const items = node.items.map((item, i) => this.enter(item, [...path, i], place, place, inside));
      return {
        written: items.map(({ written }) => written),
        resolved: items.map(({ resolved }) => resolved),
      };
    }
    return isScalar(node) ? this.visitScalar(node.value, place) : NOTHING;
  }

  /** Notes where a part stands, then reads it. */
  private enter(
    node: unknown,
    path: YamlPath,
    key: string,
    fallback: string,
    open: ReadonlySet<unknown>,
  ): Reading {
    const value = placeOf(node, this.at) ?? fallback;
    if (!this.places.has(keyOf(path)))
      this.places.set(keyOf(path), {
        key: path.length > 0 && typeof path.at(-1) === "number" ? value : key,
        value,
      });
    return this.visit(node, path, value, open);
  }

  private visitMap(pairs: readonly Pair[], path: YamlPath, open: ReadonlySet<unknown>): Reading {
    const entries = new Map<string, Reading>();
    for (const { key, value } of pairs) {
      const place = placeOf(key, this.at) ?? this.locate(path, "value");
      const name: unknown = isScalar(key) ? key.value : key;
      if (name === "<<" || (typeof name === "symbol" && name.description === "<<")) continue;
      if (typeof name !== "string" || name === "__proto__") {
        this.problems.push({
          path: place,
          message: `a key must be text, found ${JSON.stringify(name) ?? "a list or mapping"}`,
        });
        continue;
      }
      entries.set(name, this.enter(value, [...path, name], place, place, open));
    }
    for (const { key, value } of pairs) {
      const name: unknown = isScalar(key) ? key.value : key;
      if (name === "<<" || (typeof name === "symbol" && name.description === "<<"))
        this.merge(entries, value, path, open);
    }
    return {
      written: Object.fromEntries([...entries].map(([name, { written }]) => [name, written])),
      resolved: Object.fromEntries([...entries].map(([name, { resolved }]) => [name, resolved])),
    };
  }

  /** `<<: *base` or `<<: [*a, *b]`: what stands in the mapping itself wins, then the first of several. */
  private merge(
    entries: Map<string, Reading>,
    value: unknown,
    path: YamlPath,
    open: ReadonlySet<unknown>,
  ): void {
    for (const source of isSeq(value) ? value.items : [value]) {
      const target: unknown = isAlias(source) ? source.resolve(this.document) : source;
      if (!isMap(target) || open.has(target)) {
        const place = placeOf(source, this.at) ?? this.locate(path, "value");
        this.problems.push({ path: place, message: "`<<` takes a mapping or aliases of mappings" });
        continue;
      }
      for (const pair of target.items) {
        const name: unknown = isScalar(pair.key) ? pair.key.value : pair.key;
        if (typeof name !== "string" || name === "__proto__" || entries.has(name)) continue;
        const place = placeOf(pair.key, this.at) ?? this.locate(path, "value");
        entries.set(name, this.enter(pair.value, [...path, name], place, place, new Set(open).add(target)));
      }
    }
  }

  private visitScalar(value: unknown, place: string): Reading {
    if (typeof value === "bigint") return { written: Number(value), resolved: Number(value) };
    if (typeof value !== "string" || !hasPlaceholder(value)) return { written: value, resolved: value };
    const { text, problems } = substitute(value, this.variables);
    for (const message of problems) this.problems.push({ path: place, message });
    return { written: value, resolved: text };
  }
}

function keyOf(path: YamlPath): string {
  return JSON.stringify(path.map(String));
}

function placeOf(node: unknown, at: (offset: number) => string): string | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  return node.range ? at(node.range[0]) : undefined;
}
