import { describe, expect, test } from "vitest";

import { statusAddress } from "#lib/upstream/poll.ts";
import { isPublicAddress } from "#lib/upstream/public-address.ts";
import { readStatuspageWord } from "#lib/upstream/statuspage-word.ts";

describe("the address of a provider's API", () => {
  test.each([
    "https://status.example.com",
    "https://status.example.com/",
    "https://status.example.com/api/v2",
    "https://status.example.com/api/v2/summary.json",
    "https://status.example.com/?utm=x#top",
  ])("%s", (url) => expect(statusAddress(url)).toBe("https://status.example.com/api/v2/status.json"));

  test("a page below a path keeps it", () =>
    expect(statusAddress("http://127.0.0.1:80/status/")).toBe(
      "http://127.0.0.1:80/status/api/v2/status.json",
    ));
});

describe("what lies on the public internet", () => {
  test.each(["93.184.215.14", "2606:2800:21f::1", "172.32.0.1"])("%s does", (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::",
    "fd00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "::ffff:a00:1",
    "::7f00:1",
    "2002:7f00:1::",
    "not an address",
  ])("%s does not", (address) => expect(isPublicAddress(address)).toBe(false));
});

describe("the word of a status page", () => {
  test("is its name, its indicator and its description", () => {
    const body = JSON.stringify({
      page: { id: "x", name: "Example Cloud", url: "https://status.example.com" },
      status: { indicator: "major", description: "Partial System Outage" },
    });
    expect(readStatuspageWord(body)).toEqual({
      name: "Example Cloud",
      indicator: "major",
      description: "Partial System Outage",
    });
  });

  test("comes as text that can be stored and shown, whatever they write", () => {
    const body = JSON.stringify({
      page: { name: "Example\u0000 \n Cloud" },
      status: { indicator: "minor", description: "\u202eegatuo\ud800" },
    });
    expect(readStatuspageWord(body)).toMatchObject({
      name: "Example Cloud",
      description: "egatuo\ufffd",
    });
  });

  test.each([
    ["<html>", /not JSON/],
    ['{"page":{"name":"x"}}', /not a Statuspage/],
    ["[]", /not a Statuspage/],
  ])("%s is refused with a sentence", (body, sentence) => expect(readStatuspageWord(body)).toMatch(sentence));
});
