import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { startFakeUpstream, testAuthority, type Behaviour } from "#tests/support/fake-upstream.ts";
import { startFakeWebSocket } from "#tests/support/fake-websocket.ts";
import { startGateway } from "#tests/support/gateways/start.ts";

// before the first handshake: the probe reads the authorities once
setDefaultCACertificates([...getCACertificates("default"), testAuthority()]);

interface Seen extends Observation {
  readonly verdict: Verdict;
}

async function look(target: { url: string; [field: string]: unknown }, timeoutMs = 2_000): Promise<Seen> {
  const check = { kind: "websocket", target, timeoutMs, slowMs: null };
  const observation = await runProbe(check);
  return { ...observation, verdict: classify(observation, expectationsOf(check)) };
}

async function lookAt(behaviour: Behaviour, timeoutMs = 500): Promise<Seen> {
  const upstream = await startFakeUpstream({ behaviour });
  try {
    return await look({ url: upstream.url.replace("http", "ws") }, timeoutMs);
  } finally {
    await upstream.close();
  }
}

describe("a WebSocket", () => {
  test("is shaken hands with, asked for its subprotocol, spoken to, listened to, and closed in order", async () => {
    const server = await startFakeWebSocket(
      (client) => {
        client.send("welcome");
        client.on("message", (data: Buffer) => client.send(`you said ${data.toString()}`));
      },
      { subprotocol: "chat.v2" },
    );
    const seen = await look({
      url: `${server.url}room?id=7`,
      subprotocol: "chat.v2",
      headers: { "x-own": "1" },
      send: "hello",
      expect: "said hello",
    });
    await expect.poll(() => server.closes).toEqual([1000]);
    await server.close();
    expect(seen.verdict).toMatchObject({ outcome: "up", summary: expect.stringMatching(/^Answered 101/) });
    expect(seen.timings).toMatchObject({
      connect: expect.any(Number),
      firstByte: expect.any(Number),
      tls: null,
    });
    expect([seen.http?.status, seen.details]).toEqual([101, { messages: 2 }]);
    expect(server.last()?.url).toBe("/room?id=7");
    expect(server.last()?.headers).toMatchObject({
      "x-own": "1",
      host: `127.0.0.1:${server.port}`,
      "user-agent": expect.stringMatching(/^Gatewatch/),
      "sec-websocket-protocol": "chat.v2",
    });
  });

  test("that answers other things than expected, or closes first, or says nothing, is told apart", async () => {
    const talker = await startFakeWebSocket((client) => client.send("nothing of use"));
    const closer = await startFakeWebSocket((client) => client.close(1013));
    const mute = await startFakeWebSocket(() => {});
    const cutter = await startFakeWebSocket((client) => client.terminate());
    const [said, closed, silent, cut] = await Promise.all(
      [talker, closer, mute, cutter].map(({ url }) => look({ url, expect: "ready" }, 500)),
    );
    await Promise.all([talker, closer, mute, cutter].map((server) => server.close()));
    expect(said?.verdict).toMatchObject({
      outcome: "body_mismatch",
      summary: expect.stringMatching(/none with the expected text/),
    });
    expect(closed?.verdict).toMatchObject({
      outcome: "connection_reset",
      summary: expect.stringMatching(/code 1013/),
    });
    expect(silent).toMatchObject({ verdict: { outcome: "response_timeout" }, phase: "body" });
    expect(cut?.verdict.outcome).toBe("connection_reset");
  });

  test("without the subprotocol that is asked for is not what the check expects", async () => {
    const server = await startFakeWebSocket(() => {});
    const seen = await look({ url: server.url, subprotocol: "chat.v2" });
    await server.close();
    expect(seen).toMatchObject({ verdict: { outcome: "body_mismatch" }, error: { code: "WS_SUBPROTOCOL" } });
  });

  test.each<[string, Behaviour, string, string | null]>([
    ["a plain page", "ok", "unexpected_status", null],
    ["a 404", "not-found", "client_error", null],
    ["101 and no handshake", "upgrade", "invalid_response", "WS_HANDSHAKE"],
    ["a reset", "reset", "connection_reset", "ECONNRESET"],
    ["a close", "close-early", "connection_reset", "CLOSED"],
    ["garbage", "garbage", "invalid_response", "HPE_INVALID_CONSTANT"],
    ["silence", "hang", "response_timeout", "DEADLINE"],
  ])("that turns out to be %s", async (_, behaviour, outcome, code) => {
    const seen = await lookAt(behaviour);
    expect([seen.verdict.outcome, seen.error?.code ?? null]).toEqual([outcome, code]);
  });

  test("over TLS has its certificate looked at", async () => {
    const good = await startFakeUpstream({ tls: "valid", behaviour: "bad-gateway" });
    const bad = await startFakeUpstream({ tls: "expired" });
    const seen = await look({ url: good.url.replace("http", "ws") });
    const refused = await look({ url: bad.url.replace("http", "ws") });
    await Promise.all([good.close(), bad.close()]);
    expect(seen).toMatchObject({
      certificate: { subject: "valid.test" },
      verdict: { outcome: "bad_gateway", gateway: "nginx" },
    });
    expect(refused).toMatchObject({
      verdict: { outcome: "tls_failure" },
      error: { code: "CERT_HAS_EXPIRED" },
    });
  });
});

test("a real nginx whose WebSocket server is gone or hangs is the gateway that answers 502 and 504", async () => {
  const upstream = await startFakeUpstream({ behaviour: "hang" });
  const nginx = await startGateway("nginx", { upstream: { port: upstream.port } });
  try {
    const url = nginx.url.replace("http", "ws");
    const slow = await look({ url }, 5_000);
    await upstream.refuse();
    const gone = await look({ url }, 5_000);
    expect(slow.verdict).toMatchObject({ outcome: "gateway_timeout", gateway: "nginx" });
    expect(gone.verdict).toMatchObject({
      outcome: "bad_gateway",
      gateway: "nginx",
      summary: expect.stringMatching(/^nginx answered 502 Bad Gateway/),
    });
    expect(gone.http?.headers["server"]).toMatch(/^nginx/);
  } finally {
    await nginx.close();
    await upstream.close();
  }
});
