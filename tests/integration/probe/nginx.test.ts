import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { startFakeUpstream, type BehaviourName, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { startGateway, type RunningGateway } from "#tests/support/gateways/start.ts";

describe("a real nginx whose upstream fails", () => {
  let upstream: FakeUpstream;
  let nginx: RunningGateway;
  beforeAll(async () => {
    upstream = await startFakeUpstream();
    nginx = await startGateway("nginx", { upstream: { port: upstream.port } });
  });
  afterAll(async () => {
    await nginx.close();
    await upstream.close();
  });

  async function verdict(): Promise<Verdict> {
    const check = { kind: "http", target: { url: nginx.url }, timeoutMs: 5_000, slowMs: null };
    return classify(await runProbe(check), expectationsOf(check));
  }

  test.each<[BehaviourName, Outcome]>([
    ["hang", "gateway_timeout"],
    ["reset", "bad_gateway"],
    ["close-early", "bad_gateway"],
    ["huge-header", "bad_gateway"],
  ])("%s behind it is %s, by nginx", async (behaviour, outcome) => {
    upstream.behave(behaviour);
    const seen = await verdict();
    expect([seen.outcome, seen.gateway]).toEqual([outcome, "nginx"]);
    // nginx's page is the same for all of them: claiming a kind would be a guess
    expect(seen.kind).toBeNull();
  });

  test("bytes that are not HTTP are passed on by nginx as they are, as an answer of HTTP/0.9", async () => {
    upstream.behave("garbage");
    expect(await verdict()).toMatchObject({ outcome: "invalid_response", gateway: null });
  });

  test("a refused connection behind it is a 502, and it recovers", async () => {
    await upstream.refuse();
    expect(await verdict()).toMatchObject({ outcome: "bad_gateway", gateway: "nginx" });
    await upstream.accept();
    upstream.behave("ok");
    expect(await verdict()).toMatchObject({ outcome: "up", gateway: null });
  });

  test("an application's own answer is not put down to nginx", async () => {
    upstream.behave({
      status: 502,
      headers: { "content-type": "application/json" },
      body: '{"error":"billing"}',
    });
    expect(await verdict()).toMatchObject({ outcome: "bad_gateway", gateway: null });
    upstream.behave({
      status: 503,
      headers: { "content-type": "text/html" },
      body: "<h1>Closed for lunch</h1>",
    });
    expect(await verdict()).toMatchObject({ outcome: "service_unavailable", gateway: null });
  });
});
