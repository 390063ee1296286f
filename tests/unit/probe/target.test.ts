import { describe, expect, test } from "vitest";

import { isGatewatchError } from "#lib/base/errors.ts";
import { matchesStatus } from "#lib/model/http-status.ts";
import { expectationsOf, isProbeKind, parseTarget, PROBE_KINDS, runProbe } from "#lib/probe/registry.ts";

/** Paths of the fields that a target is refused for; empty when it is accepted. */
function refused(target: unknown, kind = "http"): string[] {
  try {
    parseTarget(kind, target);
    return [];
  } catch (error) {
    if (!isGatewatchError(error, "INPUT_INVALID")) throw error;
    return error.problems.map(({ path }) => path);
  }
}

const url = "https://www.example.test/health?full=1";

describe("a target of kind http", () => {
  test("gets its defaults and survives being parsed again", () => {
    const parsed = parseTarget("http", { url });
    expect(parsed).toEqual({
      url,
      method: "GET",
      headers: {},
      expectStatus: ["200-299"],
      followRedirects: true,
      maxRedirects: 5,
      ipFamily: "both",
      verifyTls: true,
      http2: "off",
      reuseConnection: false,
      maxBodyBytes: 1_048_576,
    });
    expect(parseTarget("http", structuredClone(parsed))).toEqual(parsed);
  });

  test.each<[string, object, string]>([
    ["no URL", { url: "www.example.test" }, "url"],
    ["another scheme", { url: "ftp://www.example.test/" }, "url"],
    ["a password in the URL", { url: "https://user:secret@www.example.test/" }, "url"],
    ["port 0", { url: "http://127.0.0.1:0/" }, "url"],
    ["an unknown method", { url, method: "CONNECT" }, "method"],
    ["a line break in a header", { url, headers: { "x-a": "b\r\nx-c: d" } }, "headers.x-a"],
    ["a header that is no name", { url, headers: { "x a": "b" } }, "headers.x a"],
    [
      "a header that is the probe's own",
      { url, headers: { "Content-Length": "3" } },
      "headers.Content-Length",
    ],
    ["a body with GET", { url, body: "x" }, "body"],
    ["a keyword with HEAD", { url, method: "HEAD", keyword: "x" }, "keyword"],
    ["an absent keyword with HEAD", { url, method: "HEAD", keywordAbsent: "x" }, "keywordAbsent"],
    ["no status at all", { url, expectStatus: [] }, "expectStatus"],
    ["a status out of range", { url, expectStatus: [99] }, "expectStatus.0"],
    ["a range that is upside down", { url, expectStatus: ["299-200"] }, "expectStatus.0"],
    ["a cap of nothing", { url, maxBodyBytes: 0 }, "maxBodyBytes"],
    ["a field that does not exist", { url, colour: "red" }, ""],
  ])("is refused for %s", (_, target, path) => {
    expect(refused(target)).toEqual([path]);
  });

  test("every problem is told at once", () => {
    expect(refused({ url: "nowhere", method: "FETCH", expectStatus: ["x"] }).toSorted()).toEqual([
      "expectStatus.0",
      "method",
      "url",
    ]);
  });

  test("a message never repeats a password from the URL", () => {
    expect(() => parseTarget("http", { url: "https://user:hunter2@www.example.test/" })).toThrow(
      /^(?!.*hunter2)/,
    );
  });
});

describe("registry", () => {
  test("knows its kinds and refuses others by name", () => {
    expect(PROBE_KINDS).toContain("http");
    expect(isProbeKind("toString")).toBe(false);
    expect(refused({}, "carrier-pigeon")).toEqual(["kind"]);
  });

  test("tells the classifier what the check asks for", () => {
    expect(
      expectationsOf({ kind: "http", target: { url, expectStatus: [204, "400-404"] }, slowMs: 800 }),
    ).toEqual({
      slowMs: 800,
      expectStatus: [204, "400-404"],
    });
  });

  test("a stored target that no longer fits is an observation, not a crash", async () => {
    const observation = await runProbe({ kind: "http", target: { url: "nowhere" }, timeoutMs: 100 });
    expect(observation.error?.code).toBe("TARGET_INVALID");
    expect(observation.http).toBeNull();
  });
});

describe("status ranges", () => {
  test.each<[readonly (number | string)[], number, boolean]>([
    [["200-299"], 200, true],
    [["200-299"], 299, true],
    [["200-299"], 300, false],
    [[204], 204, true],
    [["204"], 204, true],
    [["204"], 205, false],
    [["nonsense"], 200, false],
    [[], 200, false],
  ])("%j and %i: %s", (ranges, status, expected) => {
    expect(matchesStatus(ranges, status)).toBe(expected);
  });
});
