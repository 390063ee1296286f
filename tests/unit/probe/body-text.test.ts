import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { decodeText, readable } from "#lib/probe/body-text.ts";

const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

describe("a body's text", () => {
  test.each<[string, Buffer, string | undefined]>([
    ["UTF-8 without a word about it", Buffer.from("Störung"), undefined],
    ["the charset of its header", Buffer.from("Störung", "latin1"), 'text/html; charset="iso-8859-1"'],
    [
      "a byte order mark",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("Störung", "utf16le")]),
      "text/plain",
    ],
    [
      "a mark that outranks the header",
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be("Störung")]),
      "text/html; charset=utf-8",
    ],
    ["zeros between the letters", Buffer.from("Störung in der Leitung", "utf16le"), "text/html"],
    [
      "what the page says itself",
      Buffer.from('<meta charset="windows-1252"><p>Störung', "latin1"),
      "text/html",
    ],
    [
      "what an XML document says itself",
      Buffer.from('<?xml version="1.0" encoding="iso-8859-15"?><p>Störung', "latin1"),
      undefined,
    ],
    [
      "Shift JIS",
      Buffer.from([0x8f, 0xe1, 0x8a, 0x51, 0x20, ...Buffer.from("Storung")]),
      "text/html; charset=shift_jis",
    ],
  ])("by %s", (_, bytes, type) => {
    expect(decodeText(bytes, type)).toMatch(/St[öo]rung/);
  });

  test("an unknown charset leaves the ASCII readable", () => {
    expect(decodeText(Buffer.from("502 Bad Gateway"), "text/html; charset=klingon")).toBe("502 Bad Gateway");
  });
});

describe("what people read of a body that is no text", () => {
  test("the words in it", () => {
    const png = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      Buffer.from("IHDR"),
      Buffer.alloc(40, 1),
      Buffer.from("Software: drawn by hand"),
      Buffer.alloc(20, 2),
    ]);
    expect(readable(png.toString("utf8"))).toBe("(not text) IHDR · Software: drawn by hand");
    expect(readable(gzipSync("x".repeat(500)).toString("utf8"))).toMatch(/^\(not text\)/);
  });

  test("text stays as it is, also in other scripts and with a stray control", () => {
    for (const text of [
      "",
      "Ошибка шлюза",
      "障害が発生しました",
      "a\u0000b and much more of it",
      "\u001b[31mred\u001b[0m",
    ]) {
      expect(readable(text)).toBe(text);
    }
  });
});
