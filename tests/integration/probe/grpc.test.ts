import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { Server, ServerCredentials } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { startFakeGrpc, type FakeGrpc, type GrpcBehaviour } from "#tests/support/fake-grpc.ts";
import { startFakeUpstream, testAuthority, type BehaviourName } from "#tests/support/fake-upstream.ts";

// before the first handshake: the probe reads the authorities once
setDefaultCACertificates([...getCACertificates("default"), testAuthority()]);

interface Seen extends Observation {
  readonly verdict: Verdict;
}

async function look(target: object, timeoutMs = 2_000): Promise<Seen> {
  const check = {
    kind: "grpc",
    target: { host: "127.0.0.1", tls: false, ...target },
    timeoutMs,
    slowMs: null,
  };
  const observation = await runProbe(check);
  return { ...observation, verdict: classify(observation, expectationsOf(check)) };
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

describe("gRPC's own server with its own health service", () => {
  const health = new HealthImplementation({
    "": "SERVING",
    "shop.v1.Orders": "NOT_SERVING",
    "shop.v1.New": "UNKNOWN",
  });
  const server = new Server();
  const bare = new Server();
  let port = 0;
  let barePort = 0;
  beforeAll(async () => {
    health.addToServer(server);
    [port, barePort] = await Promise.all([bind(server), bind(bare)]);
  });
  afterAll(() => {
    server.forceShutdown();
    bare.forceShutdown();
  });

  test.each<[string | undefined, Outcome, string | null, object]>([
    [undefined, "up", null, { grpcStatus: "OK", health: "SERVING" }],
    ["shop.v1.Orders", "reported_failure", "GRPC_NOT_SERVING", { health: "NOT_SERVING" }],
    ["shop.v1.New", "reported_failure", "GRPC_HEALTH_UNKNOWN", { health: "UNKNOWN" }],
    ["shop.v1.Gone", "body_mismatch", "GRPC_NOT_FOUND", { grpcStatus: "NOT_FOUND" }],
  ])("service %s is %s", async (service, outcome, code, details) => {
    const seen = await look({ port, ...(service === undefined ? {} : { service }) });
    expect([seen.verdict.outcome, seen.error?.code ?? null]).toEqual([outcome, code]);
    expect(seen.details).toMatchObject(details);
    expect(seen.http).toMatchObject({ status: 200, version: "2.0" });
  });

  test("without the health service says so", async () => {
    const seen = await look({ port: barePort });
    expect(seen).toMatchObject({
      verdict: {
        outcome: "body_mismatch",
        summary: expect.stringMatching(/does not offer the standard health service/),
      },
      error: { code: "GRPC_UNIMPLEMENTED" },
    });
  });
});

describe("a server that fails", () => {
  let server: FakeGrpc;
  beforeAll(async () => {
    server = await startFakeGrpc();
  });
  afterAll(() => server.close());

  test.each<[string, GrpcBehaviour, Outcome, string | null]>([
    [
      "unavailable",
      { status: 14, message: "upstream connect error, 100%" },
      "reported_failure",
      "GRPC_UNAVAILABLE",
    ],
    ["too busy", { status: 8 }, "reported_failure", "GRPC_RESOURCE_EXHAUSTED"],
    ["out of time", { status: 4 }, "response_timeout", "GRPC_DEADLINE_EXCEEDED"],
    ["broken inside", { status: 13 }, "server_error", "GRPC_INTERNAL"],
    ["asking for credentials", { status: 16 }, "client_error", "GRPC_UNAUTHENTICATED"],
    ["without a message", { health: null }, "invalid_response", "GRPC_NOT_GRPC"],
    ["of a status nobody knows", { status: 99 }, "invalid_response", "GRPC_NOT_GRPC"],
    ["of a health nobody knows", { health: 9 }, "invalid_response", "GRPC_NOT_GRPC"],
    ["of an unknown service", { health: 3 }, "body_mismatch", "GRPC_SERVICE_UNKNOWN"],
    ["resetting", { reset: 7 }, "connection_reset", "GRPC_STREAM_RESET"],
    ["silent", { hang: true }, "response_timeout", "DEADLINE"],
    ["a web page", { http: { status: 200, body: "<h1>Hello</h1>" } }, "invalid_response", "GRPC_NOT_GRPC"],
    [
      "a gateway's 502",
      { http: { status: 502, body: "<center>nginx/1.22.1</center>", headers: { server: "nginx/1.22.1" } } },
      "bad_gateway",
      null,
    ],
    ["a gateway's 503", { http: { status: 503, body: "no healthy upstream" } }, "service_unavailable", null],
    ["a gateway's 504", { http: { status: 504, body: "late" } }, "gateway_timeout", null],
  ])("is told apart: %s", async (_, behaviour, outcome, code) => {
    server.behave(behaviour);
    const seen = await look({ port: server.port }, 600);
    expect([seen.verdict.outcome, seen.error?.code ?? null]).toEqual([outcome, code]);
    if (behaviour.http === undefined) return;
    expect(seen.http).toMatchObject({ status: behaviour.http.status, bodyStart: behaviour.http.body });
  });

  test("asks as it is told", async () => {
    server.behave({});
    await look({
      port: server.port,
      service: "a.B",
      authority: "grpc.example.test",
      headers: { "X-Own": "1" },
    });
    const { headers, body } = server.last() ?? {};
    expect(headers).toMatchObject({
      ":authority": "grpc.example.test",
      ":path": "/grpc.health.v1.Health/Check",
      "x-own": "1",
      te: "trailers",
      "grpc-timeout": expect.stringMatching(/^\d{1,8}m$/),
    });
    expect(body).toEqual(Buffer.from("\0\0\0\0\u0005\n\u0003a.B"));
  });
});

describe("what is no gRPC server", () => {
  test.each<[BehaviourName, Outcome]>([
    ["ok", "invalid_response"],
    ["garbage", "invalid_response"],
    ["close-early", "connection_reset"],
    ["reset", "connection_reset"],
    ["reset-on-connect", "connection_reset"],
    ["hang", "response_timeout"],
  ])("but does %s", async (behaviour, outcome) => {
    const upstream = await startFakeUpstream({ behaviour });
    const seen = await look({ port: upstream.port }, 500);
    await upstream.close();
    expect([seen.verdict.outcome, seen.error?.code]).toEqual([outcome, expect.any(String)]);
  });

  test("over TLS: one with HTTP/2, one without", async () => {
    const [grpc, http] = await Promise.all([
      startFakeGrpc({ tls: true }),
      startFakeUpstream({ tls: "valid" }),
    ]);
    const [good, old] = await Promise.all([
      look({ port: grpc.port, tls: true }),
      look({ port: http.port, tls: true }),
    ]);
    await Promise.all([grpc.close(), http.close()]);
    expect(good).toMatchObject({
      verdict: { outcome: "up" },
      certificate: { subject: "valid.test" },
      timings: { tls: expect.any(Number) },
    });
    expect([old.verdict.outcome, old.error?.code]).toEqual(["invalid_response", "GRPC_NO_HTTP2"]);
  });
});
