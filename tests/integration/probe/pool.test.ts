import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { evidenceOf, type Evidence } from "#lib/model/evidence.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { startFakeUpstream, testAuthority, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { startGateway, type GatewayName, type RunningGateway } from "#tests/support/gateways/start.ts";

// before the first handshake: the probe reads the authorities once
setDefaultCACertificates([...getCACertificates("default"), testAuthority()]);

interface Seen {
  readonly observation: Observation;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

async function look(target: object, timeoutMs = 3_000): Promise<Seen> {
  const check = { kind: "pool", target, timeoutMs, slowMs: null };
  const observation = await runProbe(check);
  const verdict = classify(observation, expectationsOf(check));
  return { observation, verdict, evidence: evidenceOf(observation, verdict) };
}

const NAMES = ["a", "b", "c", "d"] as const;

let members: FakeUpstream[];
beforeAll(async () => {
  members = await Promise.all(NAMES.map(() => startFakeUpstream()));
});
afterAll(() => Promise.all(members.map((member) => member.close())));
beforeEach(() => members.forEach((member) => member.behave("ok")));

function member(name: (typeof NAMES)[number]): FakeUpstream {
  const found = members[NAMES.indexOf(name)];
  if (found === undefined) throw new Error(`there is no member ${name}`);
  return found;
}

const addresses = (): object[] => NAMES.map((name) => ({ name, address: `127.0.0.1:${member(name).port}` }));

describe.each<[GatewayName]>([["nginx"], ["haproxy"]])("a pool behind a real %s", (name) => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startGateway(name, { upstream: members.map(({ port }) => ({ port })) });
  });
  afterAll(() => gateway.close());

  const pool = (): object => ({ front: { url: `${gateway.url}health?deep=1` }, members: addresses() });

  test("is up while all members answer, each asked directly, and the front door as often", async () => {
    const before = members.map((one) => one.requests());
    const { observation, verdict, evidence } = await look(pool());
    expect([verdict.outcome, observation.error, observation.http?.status]).toEqual(["up", null, 200]);
    expect(observation.pool).toMatchObject({
      members: NAMES.map((name) => ({ name, observation: { http: { status: 200 } } })),
      front: NAMES.map(() => ({ http: { status: 200 } })),
    });
    expect(members.map((one, i) => one.requests() - (before[i] ?? 0))).toEqual([2, 2, 2, 2]);
    expect(evidence.details).toMatchObject({
      front: "4 of 4 requests fine",
      "member b": expect.stringMatching(/^up, status 200, [\d.]+ m?s$/),
    });
  });

  test("names the one member that answers 502 by itself, and the share of requests that fail", async () => {
    member("b").behave("bad-gateway");
    const { observation, verdict, evidence } = await look(pool());
    expect(verdict).toMatchObject({
      outcome: "partial_failure",
      summary: "1 of 4 members answers 502: about 25 % of requests fail (member b).",
      gateway: "nginx",
    });
    expect(observation.http?.status).toBe(502);
    expect(evidence.details).toMatchObject({
      front: "3 of 4 requests fine",
      "member a": expect.stringMatching(/^up, status 200/),
      "member b": expect.stringMatching(/^bad_gateway, status 502/),
    });
    // what each member was asked is what the front door was asked
    expect(member("b").last()).toMatchObject({ path: "/health?deep=1" });
  });

  test("counts two of four, whatever each of them does wrong", async () => {
    member("b").behave("bad-gateway");
    member("d").behave("server-error");
    const { verdict } = await look({ ...pool(), frontSamples: 8 });
    expect(verdict).toMatchObject({
      outcome: "partial_failure",
      summary: "2 of 4 members fail: about 50 % of requests fail (members b, d).",
    });
  });

  test("has the front door's own outcome when all members fail", async () => {
    for (const name of NAMES) member(name).behave("service-unavailable");
    const { verdict } = await look(pool());
    expect(verdict.outcome).toBe("service_unavailable");
    expect(verdict.summary).toMatch(/^nginx answered 503 .* All 4 members fail as well\.$/);
  });
});

test("a member that its gateway leaves out costs no request: that is said, and counts as degraded", async () => {
  const gateway = await startGateway("haproxy", {
    upstream: members.map(({ port }) => ({ port })),
    ejects: true,
  });
  await member("c").refuse();
  try {
    await expect
      .poll(async () => (await look({ front: { url: gateway.url }, members: addresses() })).verdict, {
        timeout: 8_000,
      })
      .toMatchObject({
        outcome: "slow",
        summary:
          "1 of 4 members refuses the connection, but none of 11 requests at the front door failed: the gateway leaves it out, and the pool runs on what is left (member c).",
      });
  } finally {
    await gateway.close();
    await member("c").accept();
  }
});

test("a gateway that fails although all members answer is at fault itself", async () => {
  const gone = await startFakeUpstream();
  const gateway = await startGateway("nginx", { upstream: { port: gone.port } });
  await gone.close();
  const { verdict } = await look({ front: { url: gateway.url }, members: addresses() });
  await gateway.close();
  expect(verdict).toMatchObject({ outcome: "bad_gateway", gateway: "nginx" });
  expect(verdict.summary).toMatch(
    /All 4 members answer by themselves: the gateway itself, or its way to them, is at fault\.$/,
  );
});

test("members are reached with the front door's host and certificate name, at an address of their own, or as they say", async () => {
  const secure = await startFakeUpstream({ tls: "valid" });
  const own = await startFakeUpstream();
  own.behave(({ path }) => ({ status: path === "/own" ? 204 : 500 }));
  const { verdict, observation } = await look({
    front: { url: `https://localhost:${secure.port}/health`, connectTo: `127.0.0.1:${secure.port}` },
    members: [
      { name: "addressed", address: `127.0.0.1:${secure.port}` },
      { name: "based", url: `http://127.0.0.1:${member("a").port}` },
      { name: "own", target: { url: `${own.url}own`, expectStatus: [204] } },
    ],
  });
  await Promise.all([secure.close(), own.close()]);
  expect([verdict.outcome, verdict.details]).toMatchObject(["up", { front: "3 of 3 requests fine" }]);
  expect(secure.last()?.headers).toMatchObject({ host: `localhost:${secure.port}` });
  expect(member("a").last()).toMatchObject({
    path: "/health",
    headers: { host: `127.0.0.1:${member("a").port}` },
  });
  expect(observation.pool?.members.map((one) => one.observation.http?.status)).toEqual([200, 200, 204]);
});
