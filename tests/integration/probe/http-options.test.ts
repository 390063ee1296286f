import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { evidenceOf } from "#lib/model/evidence.ts";
import { withAuthority, type Issued } from "#tests/support/authority.ts";
import { startFakeUpstream, testAuthority, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { look, told, type Seen } from "#tests/support/look.ts";

let upstream: FakeUpstream;
beforeAll(async () => {
  upstream = await startFakeUpstream();
});
afterAll(() => upstream.close());

/** A look at a server that always answers with this body. */
async function lookAt(body: string, target: object, headers: Record<string, string> = {}): Promise<Seen> {
  const server = await startFakeUpstream({ behaviour: { status: 200, headers, body } });
  try {
    return await look("http", { url: server.url, ...target });
  } finally {
    await server.close();
  }
}

describe("credentials", () => {
  const password = "pass:wörd-77";
  const basic = Buffer.from(`probe:${password}`).toString("base64");

  test("arrive as they are asked for", async () => {
    await look("http", { url: upstream.url, basicAuth: { user: "probe", password } });
    expect(upstream.last()?.headers["authorization"]).toBe(`Basic ${basic}`);
    await look("http", { url: upstream.url, bearerToken: "tok-1234" });
    expect(upstream.last()?.headers["authorization"]).toBe("Bearer tok-1234");
  });

  test("do not stay in the evidence of a target that echoes them, decoded or not", async () => {
    const server = await startFakeUpstream({
      behaviour: ({ headers }) => ({
        status: 500,
        headers: { "x-seen": headers["authorization"] ?? "" },
        body: `${headers["authorization"]} means ${password}`,
      }),
    });
    const seen = await look("http", { url: server.url, basicAuth: { user: "probe", password } });
    await server.close();
    const evidence = JSON.stringify([seen, evidenceOf(seen, seen.verdict)]);
    expect(evidence).not.toContain(password);
    expect(evidence).not.toContain(basic);
    expect(seen.http?.bodyStart).toContain("[redacted]");
  });

  test("stay behind when a redirect leads elsewhere, and do not return", async () => {
    const elsewhere = await startFakeUpstream();
    const home = await startFakeUpstream({
      behaviour: ({ path }) =>
        path === "/" ? { status: 302, headers: { location: `${elsewhere.url}there` } } : "ok",
    });
    elsewhere.behave({ status: 302, headers: { location: `${home.url}back` } });
    const seen = await look("http", { url: home.url, bearerToken: "tok-1234" });
    await Promise.all([home.close(), elsewhere.close()]);
    expect([seen.verdict.outcome, seen.http?.redirects]).toEqual(["up", 2]);
    expect(elsewhere.last()?.headers).not.toHaveProperty("authorization");
    expect(home.last()).toMatchObject({ path: "/back" });
    expect(home.last()?.headers).not.toHaveProperty("authorization");
  });
});

describe("what the body must hold", () => {
  const document = JSON.stringify({
    status: "ok",
    version: "3.14.1",
    queue: { depth: 12, lag: "0.5" },
    services: [
      { name: "db", up: true },
      { name: "mail, in", up: false },
    ],
    none: null,
  });

  test.concurrent.each<[object, string]>([
    [{ pattern: '"version":"\\d+\\.\\d+' }, "up"],
    [{ pattern: "(?i)STATUS.{1,5}OK" }, "up"],
    [{ pattern: "version: \\d+" }, "body_mismatch"],
    [{ patternAbsent: "error|fatal" }, "up"],
    [{ patternAbsent: "mail.*false" }, "body_mismatch"],
    [{ json: [{ path: "$.status", value: "ok" }] }, "up"],
    [{ json: [{ path: "$.status", op: "ne", value: "ok" }] }, "body_mismatch"],
    [{ json: [{ path: "$.queue.depth", op: "lt", value: 12 }] }, "body_mismatch"],
    [{ json: [{ path: "$.queue.depth", op: "le", value: 12 }] }, "up"],
    [{ json: [{ path: "$.queue.lag", op: "gt", value: 0.4 }] }, "up"],
    [{ json: [{ path: "$.queue.depth", op: "ge", value: 13 }] }, "body_mismatch"],
    [{ json: [{ path: "$.version", op: "contains", value: "14" }] }, "up"],
    [{ json: [{ path: "$.version", op: "matches", value: "^3\\." }] }, "up"],
    [{ json: [{ path: "$.queue", op: "exists" }] }, "up"],
    [{ json: [{ path: "$.errors", op: "exists", value: false }] }, "up"],
    [{ json: [{ path: "$.queue", op: "exists", value: false }] }, "body_mismatch"],
    [{ json: [{ path: "$.none", value: null }] }, "up"],
    [{ json: [{ path: "$.nowhere", op: "ne", value: 1 }] }, "body_mismatch"],
    [{ json: [{ path: "$.services[*].up", value: true }] }, "body_mismatch"],
    [{ json: [{ path: "$.services[?@.name=='mail, in'].up", value: false }] }, "up"],
    [{ json: [{ path: "$..name", op: "matches", value: "^(db|mail)" }] }, "up"],
  ])("%j: %s", async (asked, outcome) => {
    expect((await lookAt(document, asked)).verdict.outcome).toBe(outcome);
  });

  test.concurrent("what did not hold is told, without the secrets in it", async () => {
    const { details } = await lookAt('{"state":"down","token":"hush-hush"}', {
      json: [{ path: "$.state", value: "up" }],
    });
    expect(details).toEqual({ mismatch: '$.state eq "up": found "down"' });
    const secret = await lookAt('{"token":"hush-hush-5"}', {
      bearerToken: "hush-hush-5",
      json: [{ path: "$.token", value: "x" }],
    });
    expect(JSON.stringify(secret)).not.toContain("hush-hush-5");
  });

  test.concurrent("an answer that is no JSON does not hold what is asked of its JSON", async () => {
    const seen = await lookAt("<html>", { json: [{ path: "$.state", op: "exists", value: false }] });
    expect([seen.verdict.outcome, seen.details]).toEqual([
      "body_mismatch",
      { mismatch: "the body is not JSON" },
    ]);
  });

  test.concurrent("an expression that backtracks for ever elsewhere is done at once here", async () => {
    const seen = await lookAt("a".repeat(200_000), { pattern: "^(a+)+$", patternAbsent: "(a|aa)+b" });
    expect(seen.verdict.outcome).toBe("up");
  });
});

describe("redirects", () => {
  test("as many as the check allows, and no more", async () => {
    const server = await startFakeUpstream({
      behaviour: ({ path }) => (path.length < 4 ? { status: 302, headers: { location: `${path}x` } } : "ok"),
    });
    const enough = await look("http", { url: server.url, maxRedirects: 3 });
    const short = await look("http", { url: server.url, maxRedirects: 2 });
    await server.close();
    expect([enough.verdict.outcome, enough.http?.redirects]).toEqual(["up", 3]);
    expect(told(short)).toEqual(["unexpected_status", "REDIRECT_LIMIT", "body"]);
    expect(short.verdict.summary).toBe("Still redirected after 2 redirects (302 Found).");
  });
});

describe("where it connects", () => {
  test("the family of addresses can be chosen", async () => {
    const six = await startFakeUpstream({ host: "::1" });
    const url = `http://localhost:${upstream.port}/`;
    const [four, not, literal] = await Promise.all([
      look("http", { url, ipFamily: 4 }),
      look("http", { url, ipFamily: 6 }),
      look("http", { url: six.url, ipFamily: 6 }),
    ]);
    await six.close();
    expect([four.remote, literal.remote]).toEqual([`127.0.0.1:${upstream.port}`, `[::1]:${six.port}`]);
    // whether localhost has an IPv6 address is the machine's affair; the upstream has none
    expect(["dns_failure", "connection_refused"]).toContain(not.verdict.outcome);
  });

  test("another address, with the name and the Host header of one's choice", async () => {
    const target = { url: "http://shop.gatewatch.invalid/a", connectTo: `127.0.0.1:${upstream.port}` };
    const seen = await look("http", target);
    expect([seen.verdict.outcome, seen.remote]).toEqual(["up", `127.0.0.1:${upstream.port}`]);
    expect(upstream.last()).toMatchObject({ path: "/a", headers: { host: "shop.gatewatch.invalid" } });
    await look("http", { ...target, headers: { Host: "other.example" } });
    expect(upstream.last()?.headers["host"]).toBe("other.example");
  });
});

/** A TLS server that asks for a client certificate and says what it was shown. */
async function startMutual(own: Issued, ca: string) {
  const names: (string | false | null)[] = [];
  const server = createTlsServer(
    { ...own, ca, requestCert: true, rejectUnauthorized: true },
    (request, answer) => {
      const socket = request.socket as TLSSocket; // an https server has no other
      names.push(socket.servername);
      answer.end(`hello ${String(socket.getPeerCertificate().subject?.CN)}`);
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener has such an address
  return { url: `https://127.0.0.1:${port}/`, port, names, close: () => void server.close() };
}

describe("certificates of one's own", () => {
  test("an authority of one's own is trusted, and only where it is named", async () => {
    const server = await startFakeUpstream({ tls: "valid" });
    const trusted = await look("http", { url: server.url, ca: testAuthority() });
    const not = await look("http", { url: server.url });
    await server.close();
    expect(trusted.verdict.outcome).toBe("up");
    expect(told(not)).toEqual(["tls_failure", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"]);
  });

  test("the name to ask for and to expect can be another", async () => {
    const server = await startFakeUpstream({ tls: "wrong-name" });
    const seen = await look("http", { url: server.url, ca: testAuthority(), serverName: "elsewhere.test" });
    const not = await look("http", { url: server.url, ca: testAuthority(), serverName: "localhost" });
    await server.close();
    expect(seen.verdict.outcome).toBe("up");
    expect(told(not)).toEqual(["tls_failure", "ERR_TLS_CERT_ALTNAME_INVALID", "tls"]);
  });

  test("a client certificate is shown, its lack is told, and it is not shown to others", async () => {
    await withAuthority(async ({ ca, issue }) => {
      const [own, client, stranger] = await Promise.all([
        issue({ name: "server", days: 30 }),
        issue({ name: "probe of ours", days: 30 }),
        withAuthority((other) => other.issue({ name: "stranger", days: 30 })),
      ]);
      const server = await startMutual(own, ca);
      const redirecting = await startFakeUpstream({
        behaviour: { status: 302, headers: { location: server.url } },
      });
      const pair = { clientCert: client.cert, clientKey: client.key };
      const target = { url: server.url, ca, keyword: "hello probe of ours" };
      const [shown, named, none, wrong, redirected] = await Promise.all([
        look("http", { ...target, ...pair }),
        look("http", { ...target, ...pair, serverName: "localhost" }),
        look("http", target),
        look("http", { ...target, clientCert: stranger.cert, clientKey: stranger.key }),
        look("http", { ...target, ...pair, url: redirecting.url }),
      ]);
      server.close();
      await redirecting.close();
      expect([shown, named].map(({ verdict }) => verdict.outcome)).toEqual(["up", "up"]);
      expect(new Set(server.names)).toEqual(new Set([false, "localhost"]));
      expect(none.error?.code).toBe("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
      expect(none.verdict).toMatchObject({
        outcome: "tls_failure",
        summary: "The server asks for a client certificate, and got none.",
      });
      expect(redirected.verdict.outcome).toBe("tls_failure");
      // Node's server reads the certificate after the handshake, and hangs up without a word
      expect(wrong.verdict.outcome).toBe("connection_reset");
      expect(JSON.stringify([shown, wrong])).not.toContain("PRIVATE KEY");
    });
  });
});
