import { expect, test } from "vitest";

import { cleanLine, cleanText } from "#lib/model/text.ts";

test("scripts, emoji and line breaks stay; control characters go", () => {
  expect(cleanText("  Störung 👩‍🚒\r\n再開\u0000\u001b[31m\r!\u202e ")).toBe("Störung 👩‍🚒\n再開[31m\n!");
});

test("one letter has one spelling", () => {
  expect(cleanText("e\u0301")).toBe("\u00e9");
});

test("half a surrogate pair does not reach the database", () => {
  expect(cleanText("a\ud83d")).toBe("a\ufffd");
});

test("a line is one line", () => {
  expect(cleanLine(" Checkout\n\tfails ")).toBe("Checkout fails");
});
