import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { isGatewatchError } from "#lib/base/errors.ts";
import { matchesStatus } from "#lib/model/http-status.ts";
import { compilePattern } from "#lib/probe/pattern.ts";
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

function certificate(name: string): string {
  return readFileSync(new URL(`../../support/certs/${name}`, import.meta.url), "utf8");
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
    ["a user name with a colon", { url, basicAuth: { user: "a:b", password: "c" } }, "basicAuth.user"],
    ["a token of two words", { url, bearerToken: "a b" }, "bearerToken"],
    [
      "two ways to authenticate",
      { url, bearerToken: "a", basicAuth: { user: "a", password: "b" } },
      "bearerToken",
    ],
    [
      "a header beside the password",
      { url, headers: { Authorization: "x" }, basicAuth: { user: "a", password: "b" } },
      "basicAuth",
    ],
    ["a pattern that is none", { url, pattern: "(" }, "pattern"],
    ["a pattern that looks around", { url, patternAbsent: "(?=x)" }, "patternAbsent"],
    ["a pattern that counts to a thousand", { url, pattern: "a[ab]{900}[cd]" }, "pattern"],
    ["a pattern with HEAD", { url, method: "HEAD", pattern: "x" }, "pattern"],
    ["a path that is none", { url, json: [{ path: "status", value: 1 }] }, "json.0.path"],
    ["a comparison with nothing", { url, json: [{ path: "$.a" }] }, "json.0.value"],
    ["an order of text", { url, json: [{ path: "$.a", op: "lt", value: "b" }] }, "json.0.value"],
    ["no redirect at most", { url, maxRedirects: 0 }, "maxRedirects"],
    ["another address that is none", { url, connectTo: "192.0.2.7" }, "connectTo"],
    ["another address with port 0", { url, connectTo: "192.0.2.7:0" }, "connectTo"],
    ["a family that the address is not of", { url: "https://192.0.2.7/", ipFamily: 6 }, "ipFamily"],
    ["an address as a server name", { url, serverName: "192.0.2.7" }, "serverName"],
    ["an authority that is none", { url, ca: "-----BEGIN CERTIFICATE-----" }, "ca"],
    ["a client certificate without a key", { url, clientCert: certificate("valid.pem") }, "clientKey"],
    ["a field that does not exist", { url, colour: "red" }, ""],
  ])("is refused for %s", (_, target, path) => {
    expect(refused(target)).toEqual([path]);
  });

  test("takes a client certificate with its own key only", () => {
    const clientCert = certificate("valid.pem");
    expect(refused({ url, clientCert, clientKey: certificate("valid.key") })).toEqual([]);
    expect(refused({ url, clientCert, clientKey: certificate("expired.key") })).toEqual(["clientKey"]);
  });

  test.each([
    "$..*..*",
    "$[*,*][*,*][*,*]",
    "$[?match(@.a, '(a+)+b')]",
    "$[?search(@.a, 'x')]",
    "$[?count($..*) > 1]",
    "$[?@.a == $.b]",
  ])("never runs a JSON path whose work explodes: %s", (path) => {
    expect(refused({ url, json: [{ path, op: "exists" }] })).toEqual(["json.0.path"]);
  });

  test.each(["$", "$.a['b,c'][0][-1]", "$..status", "$.list[1:3].x", "$[?@.name=='a..b$,']"])(
    "takes the JSON path %s",
    (path) => {
      expect(refused({ url, json: [{ path, op: "exists" }] })).toEqual([]);
    },
  );

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

test("a text that is too long to be searched as a whole is searched from its beginning, and has no end there", () => {
  const text = `start ${"x".repeat(5_000_000)} end`;
  expect(compilePattern("^start x+")(text)).toBe(true);
  expect(compilePattern("x+$")(text)).toBe(false);
  expect(compilePattern("end$")("the end")).toBe(true);
});

describe("targets of other kinds", () => {
  test.each<[string, string, object, string[]]>([
    ["tcp", "the least there is", { host: "192.0.2.7", port: 25 }, []],
    ["tcp", "no port", { host: "mail.example.test" }, ["port"]],
    ["tcp", "a URL as host", { host: "https://mail.example.test", port: 25 }, ["host"]],
    ["tcp", "an escape that is none", { host: "a", port: 25, send: "\\q" }, ["send"]],
    ["tcp", "half a byte", { host: "a", port: 25, sendHex: "0" }, ["sendHex"]],
    ["tcp", "two things to send", { host: "a", port: 25, send: "a", sendHex: "00" }, ["sendHex"]],
    [
      "tcp",
      "two things to expect",
      { host: "a", port: 25, expect: "a", expectPattern: "b" },
      ["expectPattern"],
    ],
    ["tls", "the least there is", { host: "www.example.test" }, []],
    ["tls", "a year and more", { host: "a", warnDays: 366 }, ["warnDays"]],
    ["tls", "a protocol without STARTTLS", { host: "a", starttls: "http" }, ["starttls"]],
  ])("%s with %s", (kind, _, target, paths) => {
    expect(refused(target, kind)).toEqual(paths);
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
