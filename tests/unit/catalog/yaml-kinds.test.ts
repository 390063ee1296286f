import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { isGatewatchError } from "#lib/base/errors.ts";
import { parseConfig } from "#lib/catalog/yaml-config.ts";
import { resolvePlaceholders } from "#lib/config/placeholders.ts";
import { parseTarget } from "#lib/probe/registry.ts";

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/certs/${name}`, import.meta.url), "utf8");

const VARIABLES = {
  PROBE_PASSWORD: "swordfish-1",
  CA: pem("ca.pem"),
  CERT: pem("valid.pem"),
  KEY: pem("valid.key"),
  GREETING: "AUTH swordfish-2",
};

/** The file with these checks of one component. */
function withChecks(checks: string): string {
  return `components:\n  - name: API\n    checks:\n${checks.replaceAll(/^/gm, "      ")}\n`;
}

const targetOf = (checks: string): unknown =>
  parseConfig(withChecks(checks), "gatewatch.yaml", VARIABLES).components[0]?.checks[0]?.target;

function messageOf(checks: string): string {
  try {
    targetOf(checks);
    return "";
  } catch (error) {
    if (!isGatewatchError(error, "CONFIG_INVALID")) throw error;
    return error.message;
  }
}

describe("checks in gatewatch.yaml", () => {
  test("http with everything: the variables stay variables, and resolve to a valid target", () => {
    const target = targetOf(`- name: a
  kind: http
  url: https://api.example.test/
  basic_auth: { user: probe, password: "\${PROBE_PASSWORD}" }
  pattern: 'build: \\d+'
  pattern_absent: (?i)error
  json:
    - { path: $.status, value: ok }
    - { path: "$.queue[0].depth", op: lt, value: 10 }
  max_redirects: 3
  ip_family: 6
  connect_to: "[2001:db8::7]:8443"
  server_name: www.example.test
  ca: \${CA}
  client_cert: \${CERT}
  client_key: \${KEY}
  http2: prefer
  reuse_connection: true`);
    expect(target).toMatchObject({
      basicAuth: { user: "probe", password: "${PROBE_PASSWORD}" },
      clientKey: "${KEY}",
      json: [
        { path: "$.status", value: "ok" },
        { path: "$.queue[0].depth", op: "lt", value: 10 },
      ],
      reuseConnection: true,
    });
    const resolved = parseTarget("http", resolvePlaceholders(target, VARIABLES));
    expect(resolved).toMatchObject({ basicAuth: { password: "swordfish-1" }, ipFamily: 6 });
  });

  test("tcp and tls", () => {
    expect(
      targetOf(
        `- { name: a, kind: tcp, host: 192.0.2.7, port: 25, send: "EHLO a\\r\\n", expect_pattern: ^250 }`,
      ),
    ).toEqual({ host: "192.0.2.7", port: 25, ipFamily: "both", send: "EHLO a\r\n", expectPattern: "^250" });
    expect(
      targetOf(`- { name: a, kind: tls, host: www.example.test, warn_days: 30, starttls: imap, port: 143 }`),
    ).toMatchObject({ warnDays: 30, minVersion: "TLSv1.2", starttls: "imap" });
  });

  test.each([
    ["basic_auth: { user: a, pass: b }", "`pass` is not a key here; allowed: user, password"],
    ["pattern: '(?=a)'", "uses look-around or a back reference"],
    ["json: [{ path: status, value: 1 }]", "is not a JSON path without functions"],
    ["ip_family: 5", "`ip_family` must be one of 4, 6, both, found 5"],
    ["http2: always", "`http2` must be one of off, prefer, require"],
    ["connect_to: example.test", "`connect_to` must be host:port"],
    ["max_redirects: 0", "to follow none, write follow_redirects: false"],
  ])("%s: %s", (line, sentence) => {
    expect(messageOf(`- { name: a, kind: http, url: "https://a.example", ${line} }`)).toContain(sentence);
  });

  test("no message repeats a secret, written down or from a variable", () => {
    const messages = [
      `- { name: a, kind: http, url: "https://a.example", bearer_token: "sword fish-3" }`,
      `- { name: a, kind: http, url: "https://a.example", basic_auth: { user: a, password: [swordfish-4] } }`,
      `- { name: a, kind: http, url: "https://a.example", client_key: swordfish-5, client_cert: "\${CERT}" }`,
      `- { name: a, kind: tcp, host: a, port: 1, send: 'AUTH swordfish-6 \\q' }`,
      `- { name: a, kind: tcp, host: a, port: 1, send: "\${GREETING}", send_hex: "swordfish-7" }`,
    ].map(messageOf);
    expect(messages.filter((message) => message === "" || /sword ?fish/.test(message))).toEqual([]);
  });
});
