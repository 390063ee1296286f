import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { evidenceOf } from "#lib/model/evidence.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import {
  closedPort,
  startBlackhole,
  startFakeUpstream,
  testAuthority,
  type BehaviourName,
  type FakeCertificate,
  type FakeUpstream,
} from "#tests/support/fake-upstream.ts";

// before the first handshake: the probe reads the authorities once
setDefaultCACertificates([...getCACertificates("default"), testAuthority()]);

const TIMEOUT_MS = 800;
/** How much later than its time a probe may end on a busy machine. */
const GRACE_MS = 1_500;

interface Seen extends Observation {
  readonly verdict: Verdict;
}

async function look(
  target: Record<string, unknown>,
  timeoutMs = TIMEOUT_MS,
  slowMs: number | null = null,
): Promise<Seen> {
  const check = { kind: "http", target, timeoutMs, slowMs };
  const observation = await runProbe(check);
  return { ...observation, verdict: classify(observation, expectationsOf(check)) };
}

describe("faults over plain HTTP", () => {
  let upstream: FakeUpstream;
  beforeAll(async () => {
    upstream = await startFakeUpstream();
  });
  afterAll(() => upstream.close());
  // whatever happened, nothing stays open
  afterEach(() => expect.poll(() => upstream.connections(), { timeout: 2_000 }).toBe(0));

  test.each<[BehaviourName, Outcome, string | null, string]>([
    ["ok", "up", null, "done"],
    ["ok-gzip", "up", null, "done"],
    ["bad-gateway", "bad_gateway", null, "done"],
    ["service-unavailable", "service_unavailable", null, "done"],
    ["gateway-timeout", "gateway_timeout", null, "done"],
    ["server-error", "server_error", null, "done"],
    ["not-found", "client_error", null, "done"],
    ["hang", "response_timeout", "DEADLINE", "first_byte"],
    ["reset", "connection_reset", "ECONNRESET", "first_byte"],
    ["close-early", "connection_reset", "CLOSED", "first_byte"],
    ["garbage", "invalid_response", "HPE_INVALID_CONSTANT", "first_byte"],
    ["huge-header", "invalid_response", "HPE_HEADER_OVERFLOW", "first_byte"],
    ["slow-body", "response_timeout", "DEADLINE", "body"],
    ["endless-body", "too_large", null, "done"],
    ["truncated-body", "connection_reset", "CLOSED", "body"],
    ["bad-chunk", "invalid_response", "HPE_INVALID_CHUNK_SIZE", "body"],
    ["upgrade", "unexpected_status", null, "done"],
    ["redirect-loop", "unexpected_status", "REDIRECT_LOOP", "body"],
    ["redirect-chain", "unexpected_status", "REDIRECT_LIMIT", "body"],
  ])("%s is %s", async (behaviour, outcome, code, phase) => {
    upstream.behave(behaviour);
    const seen = await look({ url: upstream.url });
    expect([seen.verdict.outcome, seen.error?.code ?? null, seen.phase]).toEqual([outcome, code, phase]);
    expect(seen.timings.total).toBeLessThan(TIMEOUT_MS + GRACE_MS);
    expect(seen.remote).toBe(`127.0.0.1:${upstream.port}`);
  });

  test("a connection that is reset as soon as it stands", async () => {
    upstream.behave("reset-on-connect");
    const seen = await look({ url: upstream.url });
    expect([seen.verdict.outcome, seen.http]).toEqual(["connection_reset", null]);
  });

  test("nginx is named by its own page, with the proof", async () => {
    upstream.behave("bad-gateway");
    const { verdict } = await look({ url: upstream.url });
    expect(verdict.gateway).toBe("nginx");
    expect(verdict.gatewayEvidence).toEqual([
      "body: <hr><center>nginx/1.22.1</center>",
      "server: nginx/1.22.1",
    ]);
    expect(verdict.summary).toMatch(
      /^nginx answered 502 Bad Gateway after (?:under )?[\d.]+ m?s: it could not get/,
    );
  });

  test("phases are timed one by one, and a slow first byte is not a slow connection", async () => {
    upstream.behave({ status: 200, body: "late", delayMs: 150 });
    const { timings, verdict } = await look({ url: upstream.url }, 2_000, 100);
    expect(timings.dns).toBeNull();
    expect(timings.tls).toBeNull();
    expect(timings.connect).toBeLessThan(100);
    expect(timings.firstByte).toBeGreaterThanOrEqual(145);
    expect(timings.total).toBeGreaterThanOrEqual(timings.firstByte ?? Infinity);
    expect(verdict.outcome).toBe("slow");
  });

  test("a failure behind redirects names the hop that failed, and those before it", async () => {
    const gone = await closedPort();
    upstream.behave({
      status: 302,
      headers: { location: `http://127.0.0.1:${gone}/reset-password/0123456789abcdef?token=abc` },
    });
    const seen = await look({ url: `${upstream.url}start?x=1` });
    expect(seen.verdict.outcome).toBe("connection_refused");
    expect(seen).toMatchObject({
      http: null,
      url: `http://127.0.0.1:${gone}/reset-password/[redacted]`,
      redirects: [{ status: 302, url: `${upstream.url}start`, remote: `127.0.0.1:${upstream.port}` }],
    });
    expect(evidenceOf(seen, seen.verdict)).toMatchObject({ url: seen.url, redirects: seen.redirects });
  });

  test("a body is read to the cap and not beyond", async () => {
    upstream.behave("endless-body");
    const seen = await look({ url: upstream.url, maxBodyBytes: 5_000 });
    expect(seen.http).toMatchObject({ bodyBytes: 5_000, bodyCapped: true });
    upstream.behave({ status: 200, body: "x".repeat(5_000) });
    const exact = await look({ url: upstream.url, maxBodyBytes: 5_000 });
    expect(exact.http).toMatchObject({ bodyBytes: 5_000, bodyCapped: false });
    expect(exact.verdict.outcome).toBe("up");
  });

  test.each<[object, Outcome]>([
    [{ keyword: "all is well" }, "up"],
    [{ keyword: "database" }, "body_mismatch"],
    [{ keywordAbsent: "error" }, "up"],
    [{ keywordAbsent: "well" }, "body_mismatch"],
    [{ keyword: "well", keywordAbsent: "all" }, "body_mismatch"],
  ])("keywords %j, plain and compressed: %s", async (asked, outcome) => {
    upstream.behave("ok");
    expect((await look({ url: upstream.url, ...asked })).verdict.outcome).toBe(outcome);
    upstream.behave("ok-gzip");
    expect((await look({ url: upstream.url, ...asked })).verdict.outcome).toBe(outcome);
  });

  test("a keyword far into the body is found", async () => {
    upstream.behave({ status: 200, body: `${"x".repeat(300_000)}needle` });
    expect((await look({ url: upstream.url, keyword: "needle" }, 2_000)).verdict.outcome).toBe("up");
  });

  test("a body that is not what its encoding says is an invalid response", async () => {
    upstream.behave({ status: 200, headers: { "content-encoding": "gzip" }, body: "not gzip at all" });
    const seen = await look({ url: upstream.url });
    expect([seen.verdict.outcome, seen.error?.code, seen.http?.status]).toEqual([
      "invalid_response",
      "BODY_UNDECODABLE",
      200,
    ]);
    upstream.behave({ status: 502, headers: { "content-encoding": "gzip" }, body: "not gzip at all" });
    expect((await look({ url: upstream.url })).verdict.outcome).toBe("bad_gateway");
  });

  test("a small body that unfolds into a large one is too large", async () => {
    upstream.behave({
      status: 200,
      headers: { "content-encoding": "gzip" },
      body: gzipSync("x".repeat(500_000)),
    });
    const seen = await look({ url: upstream.url, maxBodyBytes: 100_000, keyword: "x" });
    expect(seen.http?.bodyBytes).toBeLessThan(5_000);
    expect(seen.verdict.outcome).toBe("too_large");
  });

  test("HEAD and other methods arrive as they are asked for", async () => {
    upstream.behave("ok");
    expect((await look({ url: upstream.url, method: "HEAD" })).verdict.outcome).toBe("up");
    expect(upstream.last()).toMatchObject({ method: "HEAD", path: "/" });
    await look({ url: `${upstream.url}a?b=c`, method: "POST", body: "päck", headers: { "X-Own": "1" } });
    expect(upstream.last()).toMatchObject({
      method: "POST",
      path: "/a?b=c",
      headers: {
        "x-own": "1",
        "content-length": "5",
        host: `127.0.0.1:${upstream.port}`,
        connection: "close",
      },
    });
    expect(upstream.last()?.headers["user-agent"]).toMatch(
      /^Gatewatch\/\d+\.\d+\.\d+ \(\+status monitoring\)$/,
    );
  });

  test("what the target echoes of our credentials does not stay in the evidence", async () => {
    const secret = "top-secret-value-42";
    const parameter = "in-the-query-43";
    upstream.behave(({ headers, path }) => ({
      status: 500,
      headers: { "set-cookie": "sid=1", "x-echo": headers["authorization"] ?? "" },
      body: `you are ${headers["authorization"]} at /login?token=abc123, ${path.split("=")[1]}`,
    }));
    const seen = await look({
      url: `${upstream.url}?api_key=${parameter}`,
      headers: { Authorization: `Bearer ${secret}` },
    });
    expect(seen.http?.status).toBe(500);
    expect(JSON.stringify(seen)).not.toContain(secret);
    expect(JSON.stringify(seen)).not.toContain(parameter);
    expect(JSON.stringify(seen)).not.toContain("abc123");
    expect(seen.http?.bodyStart).toContain("you are [redacted] at /login?token=[redacted]");
    expect(seen.http?.headers["set-cookie"]).toBe("[redacted]");
    expect(seen.http?.url).toBe(upstream.url);
  });

  test("an abort by the caller is unknown, at once, and before the first step as well", async () => {
    upstream.behave("hang");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const check = { kind: "http", target: { url: upstream.url }, timeoutMs: 5_000 };
    const observation = await runProbe(check, controller.signal);
    expect(observation.error?.code).toBe("ABORTED");
    expect(observation.timings.total).toBeLessThan(1_000);
    const before = upstream.requests();
    expect((await runProbe(check, controller.signal)).error?.code).toBe("ABORTED");
    expect(upstream.requests()).toBe(before);
  });
});

describe("redirects", () => {
  let first: FakeUpstream;
  let second: FakeUpstream;
  beforeAll(async () => {
    [first, second] = await Promise.all([startFakeUpstream(), startFakeUpstream()]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  test("are followed, and credentials stay with their origin", async () => {
    first.behave({ status: 302, headers: { location: `${second.url}there?session=1` } });
    const seen = await look({
      url: first.url,
      headers: { authorization: "Bearer abcdefgh", "x-api-key": "k" },
    });
    expect(seen.verdict.outcome).toBe("up");
    expect(seen.http).toMatchObject({ redirects: 1, url: `${second.url}there` });
    expect(seen.remote).toBe(`127.0.0.1:${second.port}`);
    expect(first.last()?.headers).toHaveProperty("authorization");
    expect(Object.keys(second.last()?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(authorization|x-api-key)$/)]),
    );
  });

  test("keep their headers within one origin", async () => {
    first.behave(({ path }) => (path === "/" ? { status: 307, headers: { location: "/next" } } : "ok"));
    await look({ url: first.url, headers: { authorization: "Bearer abcdefgh" } });
    expect(first.last()).toMatchObject({ path: "/next", headers: { authorization: "Bearer abcdefgh" } });
  });

  test.each([
    [301, "GET"],
    [302, "GET"],
    [303, "GET"],
    [307, "POST"],
    [308, "POST"],
  ])("%i turns a POST into a %s", async (status, method) => {
    first.behave({ status, headers: { location: second.url } });
    await look({ url: first.url, method: "POST", body: "x" });
    expect(second.last()?.method).toBe(method);
  });

  test("are not followed when the check says so or asks for the redirect itself", async () => {
    first.behave({ status: 301, headers: { location: second.url } });
    expect((await look({ url: first.url, followRedirects: false })).verdict.outcome).toBe(
      "unexpected_status",
    );
    expect((await look({ url: first.url, expectStatus: [301] })).verdict.outcome).toBe("up");
  });

  test("do not wait for the body of the redirect", async () => {
    first.behave({ status: 302, headers: { location: second.url, "content-length": "1000" }, body: "half" });
    expect((await look({ url: first.url })).verdict.outcome).toBe("up");
  });

  test("to nowhere are told as such", async () => {
    first.behave({ status: 302, headers: { location: "mailto:someone@example.test" } });
    const seen = await look({ url: first.url });
    expect([seen.verdict.outcome, seen.error?.code, seen.http?.status]).toEqual([
      "unexpected_status",
      "REDIRECT_INVALID",
      302,
    ]);
    first.behave({ status: 302, headers: { location: `http://127.0.0.1:${await closedPort()}/` } });
    const refused = await look({ url: first.url });
    expect([refused.verdict.outcome, refused.http]).toEqual(["connection_refused", null]);
  });
});

describe("faults below HTTP", () => {
  test("a refused connection, by address and by a name with two addresses", async () => {
    expect((await look({ url: `http://127.0.0.1:${await closedPort()}/` })).verdict.outcome).toBe(
      "connection_refused",
    );
    expect((await look({ url: `http://localhost:${await closedPort()}/` })).verdict.outcome).toBe(
      "connection_refused",
    );
  });

  test("a name with an IPv6 and an IPv4 address is reached on the one that listens", async () => {
    const upstream = await startFakeUpstream();
    const seen = await look({ url: `http://localhost:${upstream.port}/` });
    await upstream.close();
    expect([seen.verdict.outcome, seen.remote]).toEqual(["up", `127.0.0.1:${upstream.port}`]);
    expect(seen.timings.dns).not.toBeNull();
  });

  test("a connection that never comes about is a connect time-out, not a response time-out", async () => {
    const blackhole = await startBlackhole();
    const seen = await look({ url: `http://127.0.0.1:${blackhole.port}/` });
    await blackhole.close();
    expect([seen.verdict.outcome, seen.phase, seen.error?.code]).toEqual([
      "connect_timeout",
      "connect",
      "DEADLINE",
    ]);
    expect(seen.timings.total).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
    expect(seen.timings.total).toBeLessThan(TIMEOUT_MS + GRACE_MS);
  });

  test("a name that does not exist, with or without a resolver that answers", async () => {
    const seen = await look({ url: "http://gatewatch-test.invalid/" }, 10_000);
    expect([seen.verdict.outcome, seen.phase]).toEqual(["dns_failure", "dns"]);
  });
});

async function lookWith(
  tls: FakeCertificate,
  target: object = {},
): Promise<{ seen: Seen; requests: number }> {
  const upstream = await startFakeUpstream({ tls });
  try {
    const seen = await look({ url: upstream.url, ...target }, 2_000);
    return { seen, requests: upstream.requests() };
  } finally {
    await upstream.close();
  }
}

describe("TLS", () => {
  test("a valid certificate: every phase is timed", async () => {
    const { seen } = await lookWith("valid");
    expect(seen.verdict.outcome).toBe("up");
    expect(seen.timings).toMatchObject({ connect: expect.any(Number), tls: expect.any(Number) });
    expect(seen.certificate).toMatchObject({ subject: "valid.test", issuer: "Gatewatch test authority" });
    expect(seen.certificate?.altNames).toContain("IP Address:127.0.0.1");
  });

  test.each<[FakeCertificate, string, RegExp]>([
    ["expired", "CERT_HAS_EXPIRED", /has expired on 2024-02-01/],
    ["wrong-name", "ERR_TLS_CERT_ALTNAME_INVALID", /is for another name/],
    ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT", /is self-signed/],
  ])("%s: refused before anything is sent, and shown", async (tls, code, sentence) => {
    const { seen, requests } = await lookWith(tls, { headers: { authorization: "Bearer abcdefgh" } });
    expect([seen.verdict.outcome, seen.phase, seen.error?.code]).toEqual(["tls_failure", "tls", code]);
    expect(seen.certificate?.subject).toBe(`${tls}.test`);
    expect(seen.verdict.summary).toMatch(sentence);
    expect(requests).toBe(0);
  });

  test.each<FakeCertificate>(["expired", "wrong-name", "self-signed"])(
    "%s: accepted when the check does not ask for verification",
    async (tls) => {
      const { seen } = await lookWith(tls, { verifyTls: false });
      expect([seen.verdict.outcome, seen.certificate?.subject]).toEqual(["up", `${tls}.test`]);
    },
  );

  test("a server that speaks no TLS", async () => {
    const upstream = await startFakeUpstream();
    const seen = await look({ url: upstream.url.replace("http:", "https:") });
    await upstream.close();
    expect([seen.verdict.outcome, seen.phase]).toEqual(["tls_failure", "tls"]);
  });

  test("a server that accepts and keeps silent through the handshake is out of time", async () => {
    const silent = await startFakeUpstream({ behaviour: "hang", silent: true });
    const seen = await look({ url: silent.url.replace("http:", "https:") });
    await silent.close();
    expect([seen.verdict.outcome, seen.phase]).toEqual(["response_timeout", "tls"]);
  });

  test("a reset after the handshake", async () => {
    const upstream = await startFakeUpstream({ tls: "valid", behaviour: "reset" });
    const seen = await look({ url: upstream.url });
    await upstream.close();
    expect([seen.verdict.outcome, seen.phase, seen.certificate?.subject]).toEqual([
      "connection_reset",
      "first_byte",
      "valid.test",
    ]);
  });
});

describe("many at once", () => {
  test("a thousand probes in flight, half of them hanging, each get their own result and leave nothing open", async () => {
    const [good, hanging] = await Promise.all([
      startFakeUpstream(),
      startFakeUpstream({ behaviour: "hang" }),
    ]);
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, async (_, i) => {
        const seen = await look({ url: i % 2 === 0 ? good.url : hanging.url }, 4_000);
        return seen.verdict.outcome;
      }),
    );
    expect(outcomes.filter((outcome, i) => outcome !== (i % 2 === 0 ? "up" : "response_timeout"))).toEqual(
      [],
    );
    await expect.poll(() => good.connections() + hanging.connections(), { timeout: 5_000 }).toBe(0);
    await Promise.all([good.close(), hanging.close()]);
  });
});
