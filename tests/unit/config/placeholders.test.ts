import { describe, expect, test } from "vitest";

import { resolvePlaceholders, substitute, targetResolver } from "#lib/config/placeholders.ts";

describe("substitute", () => {
  test.each([
    ["https://${HOST}/x", "https://a.example/x"],
    ["${HOST}${HOST}", "a.examplea.example"],
    ["${NONE:-b}", "b"],
    ["${NONE:-}", ""],
    ["${EMPTY:-b}", "b"],
    ["${HOST:-b}", "a.example"],
    ["$${HOST}", "${HOST}"],
    ["$HOST and $5", "$HOST and $5"],
  ])("%s becomes %s", (text, resolved) => {
    expect(substitute(text, { HOST: "a.example", EMPTY: "" })).toEqual({ text: resolved, problems: [] });
  });

  test.each([
    ["${NONE}", /variable NONE is not set/],
    ["${EMPTY}", /variable EMPTY is not set/],
    ["${DATABASE_URL}", /DATABASE_URL belongs to Gatewatch/],
    ["${", /does not begin a variable/],
    ["${a-b}", /does not begin a variable/],
  ])("%s is refused", (text, sentence) => {
    const { problems } = substitute(text, { EMPTY: "", DATABASE_URL: "postgresql://u:s3cret@h/d" });
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems.join()).not.toContain("s3cret");
  });

  test("does not look for variables in a variable's value", () => {
    expect(substitute("${A}", { A: "${B}", B: "b" }).text).toBe("${B}");
  });
});

test("resolvePlaceholders goes through lists and mappings and leaves keys alone", () => {
  expect(resolvePlaceholders({ "${A}": ["${A}", 5, null, { b: "x${A}" }] }, { A: "1" })).toEqual({
    "${A}": ["1", 5, null, { b: "x1" }],
  });
  expect(() => resolvePlaceholders({ a: "${NONE}" }, {})).toThrow(/NONE is not set/);
});

test("targetResolver gives the same object for the same target", () => {
  const resolve = targetResolver({ A: "1" });
  const plain = { url: "https://a.example/" };
  const secret = { url: "https://${A}.example/" };
  expect(resolve(plain)).toBe(plain);
  expect(resolve(secret)).toEqual({ url: "https://1.example/" });
  expect(resolve(secret)).toBe(resolve(secret));
});
