import { describe, expect, test } from "vitest";

import { MASK } from "#lib/probe/secret-fields.ts";

import { fromLines, toLines } from "../../../app/admin/checks/header-lines.ts";

const URL_A = "https://api.example.com/health";
const stored = { url: URL_A, headers: { Authorization: "Bearer abc", "X-Team": "shop" } };

describe("headers as lines of a form", () => {
  test("secret values are masked, others shown", () => {
    expect(toLines(stored.headers)).toBe(`Authorization: ${MASK}\nX-Team: shop`);
  });

  test("a mask that is sent back keeps the stored value, under whatever case", () => {
    expect(fromLines(`authorization: ${MASK}\n\n X-Team:  ops `, stored, { url: URL_A })).toEqual({
      headers: { authorization: "Bearer abc", "X-Team": "ops" },
    });
  });

  test("a stored secret does not follow the check to another server", () => {
    expect(fromLines(`Authorization: ${MASK}`, stored, { url: "https://evil.example/" })).toEqual({
      problem: expect.stringContaining("another server"),
    });
    expect(
      fromLines(`Authorization: ${MASK}`, stored, { url: "https://api.example.com:8443/health" }),
    ).toHaveProperty("problem");
    expect(fromLines(`Authorization: ${MASK}`, stored, { url: "nonsense" })).toHaveProperty("problem");
    expect(
      fromLines(`Authorization: ${MASK}`, stored, { url: URL_A, connectTo: "192.0.2.7:443" }),
    ).toHaveProperty("problem");
    expect(fromLines("Authorization: Bearer new", stored, { url: "https://other.example/" })).toEqual({
      headers: { Authorization: "Bearer new" },
    });
  });

  test("a mask without a stored value, and a line that is no header", () => {
    expect(fromLines(`Cookie: ${MASK}`, stored, { url: URL_A })).toHaveProperty("problem");
    expect(fromLines(`Cookie: ${MASK}`, null, { url: URL_A })).toHaveProperty("problem");
    expect(fromLines("no colon", null, { url: URL_A })).toEqual({
      problem: "“no colon” is not a header; write Name: value, one a line.",
    });
  });
});
