import { describe, expect, test } from "vitest";

import { isGatewatchError } from "#lib/base/errors.ts";
import { parseConfig } from "#lib/catalog/yaml-config.ts";

function fileWith(check: string): string {
  const lines = check.trim().split("\n").join("\n        ");
  return `components:\n  - name: Shop\n    checks:\n      - name: one\n        ${lines}\n`;
}

function targetOf(check: string): unknown {
  return parseConfig(fileWith(check), "f", { TOKEN: "t0ken" }).components[0]?.checks[0]?.target;
}

function problemsOf(check: string): string[] {
  try {
    targetOf(check);
    return [];
  } catch (error) {
    if (!isGatewatchError(error, "CONFIG_INVALID")) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
}

describe("kinds in gatewatch.yaml", () => {
  test.each<[string, string, object]>([
    [
      "dns",
      'kind: dns\nquery: example.test\ntype: MX\nexpect: ["10 mail.example.test"]\nmatch: exactly\nresolver: "192.0.2.53:5353"',
      { query: "example.test", type: "MX", match: "exactly", resolver: "192.0.2.53:5353" },
    ],
    [
      "websocket",
      "kind: websocket\nurl: wss://example.test/live\nsubprotocol: v1\nsend: ping\nexpect: pong\nverify_tls: false",
      { url: "wss://example.test/live", subprotocol: "v1", verifyTls: false, headers: {} },
    ],
    [
      "grpc",
      "kind: grpc\nhost: example.test\nport: 443\nservice: shop.v1.Orders",
      { host: "example.test", port: 443, service: "shop.v1.Orders", tls: true },
    ],
    [
      "icmp",
      "kind: icmp\nhost: 2001:db8::1\ncount: 5\nmax_loss_percent: 20",
      { host: "2001:db8::1", count: 5, maxLossPercent: 20, ipFamily: "both" },
    ],
    ["push", "kind: push\nevery: 24h\ngrace: 30m", { everyMs: 86_400_000, graceMs: 1_800_000 }],
    [
      "pool",
      'kind: pool\nfront: { url: "https://example.test/", follow_redirects: false }\nfront_samples: 6\nmembers:\n  - { name: a, address: "10.0.0.1:80" }\n  - { name: b, target: { url: "http://10.0.0.2/", expect_status: [204] } }',
      {
        frontSamples: 6,
        front: { url: "https://example.test/", followRedirects: false, verifyTls: true },
        members: [
          { name: "a", address: "10.0.0.1:80" },
          { name: "b", target: { expectStatus: [204] } },
        ],
      },
    ],
  ])("%s", (_, check, target) => {
    expect(targetOf(check)).toMatchObject(target);
  });

  test("keep variables inside members as they are written", () => {
    expect(
      targetOf(
        'kind: pool\nfront: { url: "https://example.test/", headers: { authorization: "Bearer ${TOKEN}" } }\nmembers:\n  - { name: a, address: "10.0.0.1:80" }\n  - { name: b, address: "10.0.0.2:80" }',
      ),
    ).toMatchObject({ front: { headers: { authorization: "Bearer ${TOKEN}" } } });
  });

  test.each<[string, string, RegExp]>([
    ["another type", "kind: dns\nquery: example.test\ntype: MXX", /^f:7:15 .*did you mean MX/],
    ["an address without PTR", "kind: dns\nquery: 192.0.2.7", /^f:6:16 .*no A record; ask for PTR/],
    ["exactly nothing", "kind: dns\nquery: example.test\nmatch: exactly", /^f:7:16 .*name them in expect/],
    [
      "a resolver by name",
      "kind: dns\nquery: example.test\nresolver: dns.example.test",
      /^f:7:19 .*must be an IP address/,
    ],
    ["a web address", "kind: websocket\nurl: https://example.test/", /^f:6:14 .*ws:\/\/ or wss:\/\//],
    [
      "a header of the handshake's own",
      "kind: websocket\nurl: ws://example.test/\nheaders: { Sec-WebSocket-Key: x }",
      /^f:7:39 .*set by the probe itself/,
    ],
    ["no port", "kind: grpc\nhost: example.test", /^f:4:9 .*`port` is missing/],
    ["a host that is an option", "kind: icmp\nhost: -f", /^f:6:15 .*must be a host name or an address/],
    ["no duration", "kind: push\nevery: 60", /^f:6:16 .*duration such as/],
    ["the code's own spelling", "kind: push\neveryMs: 60000\nevery: 1m", /^f:6:9 .*did you mean `every`/],
    [
      "one member",
      'kind: pool\nfront: { url: "https://example.test/" }\nmembers: [{ name: a, address: "10.0.0.1:80" }]',
      /^f:7:18 .*needs at least 2 members/,
    ],
    [
      "a member with two ways",
      'kind: pool\nfront: { url: "https://example.test/" }\nmembers:\n  - { name: a, address: "10.0.0.1:80", url: "http://a.test/" }\n  - { name: b, address: "10.0.0.2:80" }',
      /^f:8:13 .*exactly one of address, url and target/,
    ],
    [
      "two members of one name",
      'kind: pool\nfront: { url: "https://example.test/" }\nmembers:\n  - { name: a, address: "10.0.0.1:80" }\n  - { name: a, address: "10.0.0.2:80" }',
      /^f:9:21 .*each name once/,
    ],
    [
      "a mistyped key deep inside",
      'kind: pool\nfront: { url: "https://example.test/" }\nmembers:\n  - { name: a, address: "10.0.0.1:80" }\n  - name: b\n    target:\n      url: "http://10.0.0.2/"\n      expect_statuses: [204]',
      /^f:12:15 .*`expect_statuses` is not a key here; did you mean `expect_status`\?/,
    ],
    [
      "a bad value deep inside",
      'kind: pool\nfront: { url: "https://example.test/", method: GETT }\nmembers:\n  - { name: a, address: "10.0.0.1:80" }\n  - { name: b, address: "10.0.0.2" }',
      /^f:6:56 .*did you mean GET\?/,
    ],
  ])("say where it is wrong: %s", (_, check, problem) => {
    const [first] = problemsOf(check);
    expect(first).toMatch(problem);
  });

  test("an unknown kind is told with all that there are", () => {
    expect(problemsOf("kind: dnss")[0]).toMatch(/did you mean dns\?.*http.*pool/);
  });
});
