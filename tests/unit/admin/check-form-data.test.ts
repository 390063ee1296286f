import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { isGatewatchError } from "#lib/base/errors.ts";
import { parseTarget } from "#lib/probe/registry.ts";
import { MASK } from "#lib/probe/secret-fields.ts";
import type { CheckRow } from "#lib/store/catalog.ts";

import { checkFrom, defaultsOf } from "../../../app/admin/checks/check-form-data.ts";
import { fromJsonLines } from "../../../app/admin/checks/json-lines.ts";
import { storedCheckView } from "../../../app/admin/checks/stored-check-view.ts";

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/certs/${name}`, import.meta.url), "utf8");

/** Everything that a target can say, maxBodyBytes among it, which the form does not show. */
const FULL = parseTarget("http", {
  url: "https://api.example.test/health",
  method: "POST",
  headers: { "X-Api-Key": "header-secret", accept: "text/html" },
  body: "ping",
  basicAuth: { user: "probe", password: "password-secret" },
  expectStatus: [200, "300-302"],
  keyword: "ok",
  keywordAbsent: "error",
  pattern: "build: \\d+",
  patternAbsent: "trace",
  json: [
    { path: "$.status", op: "eq", value: "ok" },
    { path: "$.queue.depth", op: "lt", value: 10 },
    { path: "$.errors", op: "exists", value: false },
    { path: "$.build", op: "exists" },
  ],
  followRedirects: false,
  maxRedirects: 3,
  ipFamily: 6,
  connectTo: "[2001:db8::7]:8443",
  verifyTls: false,
  serverName: "www.example.test",
  ca: pem("ca.pem"),
  clientCert: pem("valid.pem"),
  clientKey: pem("valid.key"),
  http2: "prefer",
  reuseConnection: true,
  maxBodyBytes: 4_096,
});

function stored(target: unknown, kind = "http"): CheckRow {
  return {
    id: "0198c6d2-0000-7000-8000-000000000001",
    name: "front door",
    kind,
    target,
    intervalMs: 30_000,
    timeoutMs: 5_000,
    slowMs: 800,
    confirmMs: [500],
    regions: ["eu-west"],
    enabled: true,
  } as CheckRow; // what the form does not read is left out
}

/** What a browser sends when nothing is changed. */
function sent(check: CheckRow, changes: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...defaultsOf(check), ...changes })) {
    if (typeof value === "string") form.set(name, value.replaceAll("\n", "\r\n"));
    else if (value) form.set(name, "on");
  }
  return form;
}

function problemOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    if (!isGatewatchError(error)) throw error;
    return `${error.problems[0]?.path}: ${error.problems[0]?.message}`;
  }
}

describe("the form of an http check", () => {
  test("saved as it is changes nothing, shown or not", () => {
    const check = stored(FULL);
    const saved = checkFrom(sent(check), check);
    const unfolded = JSON.parse(
      JSON.stringify(parseTarget("http", saved.target)).replaceAll("\\r\\n", "\\n"),
    );
    expect(unfolded).toEqual(FULL);
    expect(saved).toMatchObject({ confirmMs: [500], regions: ["eu-west"], slowMs: 800 });
  });

  test("a check without options stays without them", () => {
    const plain = parseTarget("http", { url: "https://api.example.test/" });
    const check = stored(plain);
    expect(parseTarget("http", checkFrom(sent(check), check).target)).toEqual(plain);
  });

  test("no secret gets into it", () => {
    const shown = JSON.stringify([defaultsOf(stored(FULL)), storedCheckView(stored(FULL))]);
    expect(shown).not.toMatch(/header-secret|password-secret|PRIVATE KEY/);
    expect(shown).toContain(MASK);
  });

  test.each([
    ["another host", { url: "https://evil.example.test/health" }],
    ["another port", { url: "https://api.example.test:8443/health" }],
    ["another server behind the name", { connectTo: "192.0.2.66:443" }],
    ["no such server any more", { connectTo: "" }],
  ])("a stored secret does not follow the check to %s", (_, changes) => {
    const password = stored({ ...Object(FULL), headers: {} });
    expect(problemOf(() => checkFrom(sent(password, changes), password))).toBe(
      "basicPassword: The address leads to another server: enter it again.",
    );
    const token = stored(parseTarget("http", { url: "https://api.example.test/", bearerToken: "secret" }));
    const elsewhere = { connectTo: "192.0.2.66:443" };
    expect(problemOf(() => checkFrom(sent(token, elsewhere), token))).toMatch(/^bearerToken: /);
    const entered = checkFrom(sent(token, { ...elsewhere, bearerToken: "new" }), token);
    expect(entered.target).toMatchObject({ bearerToken: "new" });
  });

  test("emptied fields are gone, and a mask without a secret is refused", () => {
    const check = stored(FULL);
    const emptied = {
      basicUser: "",
      basicPassword: "",
      clientCert: "",
      clientKey: "",
      json: "",
      pattern: "",
    };
    const { target } = checkFrom(sent(check, emptied), check);
    for (const name of ["basicAuth", "clientCert", "clientKey", "json", "pattern"])
      expect(target).not.toHaveProperty(name);
    expect(problemOf(() => checkFrom(sent(check, { bearerToken: MASK }), check))).toMatch(
      /^bearerToken: Enter it/,
    );
    expect(problemOf(() => checkFrom(sent(check, { basicUser: "" }), check))).toMatch(/^basicUser: /);
  });
});

test("comparisons as lines: a bare word is text, and what is none is told", () => {
  expect(fromJsonLines('$.a eq ok\n\n $.b[?@.n=="x y"] ge 1.5 \n$.c exists')).toEqual({
    conditions: [
      { path: "$.a", op: "eq", value: "ok" },
      { path: '$.b[?@.n=="x y"]', op: "ge", value: 1.5 },
      { path: "$.c", op: "exists" },
    ],
  });
  expect(fromJsonLines("$.a is ok")).toHaveProperty("problem");
});

test("a check without a form is shown as text, also of a kind that nobody knows", () => {
  const tcp = { host: "cache.example.test", port: 6379, send: "AUTH hunter2", expect: "+OK" };
  expect(storedCheckView(stored(tcp, "tcp")).target).toBe(
    `host: cache.example.test\nport: 6379\nsend: ${MASK}\nexpect: +OK`,
  );
  expect(storedCheckView(stored({ nest: "oak", secret: "x" }, "carrier-pigeon")).target).toBe(
    `nest: oak\nsecret: ${MASK}`,
  );
});
