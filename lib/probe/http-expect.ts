import type { JSONValue } from "json-p3";

import type { HttpTarget } from "./http-target.ts";
import { compileCondition } from "./json-path.ts";
import { compilePattern } from "./pattern.ts";

/** Says what is wrong with a body, null when it is as the check expects. The sentence may quote the body. */
export type BodyExpectation = (text: string) => string | null;

/** Everything that a check asks of the body as one function; null when it asks nothing. */
export function bodyExpectation(target: HttpTarget): BodyExpectation | null {
  const expectations = [...textExpectations(target), ...jsonExpectations(target)];
  if (expectations.length === 0) return null;
  return (text) => {
    for (const expectation of expectations) {
      const problem = expectation(text);
      if (problem !== null) return problem;
    }
    return null;
  };
}

function* textExpectations(target: HttpTarget): Generator<BodyExpectation> {
  const { keyword, keywordAbsent, pattern, patternAbsent } = target;
  if (keyword !== undefined)
    yield (text) => (text.includes(keyword) ? null : `the text ${quote(keyword)} is missing`);
  if (keywordAbsent !== undefined)
    yield (text) => (text.includes(keywordAbsent) ? `the text ${quote(keywordAbsent)} is there` : null);
  if (pattern !== undefined) {
    const found = compilePattern(pattern);
    yield (text) => (found(text) ? null : `nothing matches the pattern ${quote(pattern)}`);
  }
  if (patternAbsent !== undefined) {
    const found = compilePattern(patternAbsent);
    yield (text) => (found(text) ? `something matches the pattern ${quote(patternAbsent)}` : null);
  }
}

function* jsonExpectations({ json = [] }: HttpTarget): Generator<BodyExpectation> {
  if (json.length === 0) return;
  const conditions = json.map(compileCondition);
  yield (text) => {
    const document = parse(text);
    if (document === undefined) return "the body is not JSON";
    for (const condition of conditions) {
      const problem = condition(document);
      if (problem !== null) return problem;
    }
    return null;
  };
}

function parse(text: string): JSONValue {
  try {
    const document: JSONValue = JSON.parse(text);
    return document;
  } catch {
    return undefined;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
