import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { FaultKind } from "#lib/model/verdict.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { FAULTS, lookAt, lookThrough, type FaultName, type Seen } from "#tests/support/gateways/faults.ts";
import { startGateway, type GatewayName, type RunningGateway } from "#tests/support/gateways/start.ts";

/**
 * What a program shows of a fault: the status and the kind that is named; "open" where its answer is the
 * same for several faults, of which the true one has to be among the kinds; "other" where it is not a
 * gateway's error that arrives.
 */
type Shows = readonly [status: number | string, kind: FaultKind | "open" | "other"];
type Shown = Readonly<Record<FaultName, Shows>>;

const NAMES: Readonly<Record<GatewayName, string>> = {
  nginx: "nginx",
  haproxy: "HAProxy",
  apache: "Apache httpd",
  caddy: "Caddy",
  varnish: "Varnish",
  squid: "Squid",
};

// the table of docs/diagnosis.md
const NGINX: Shown = {
  refused: [502, "open"],
  closed: [502, "open"],
  reset: [502, "open"],
  "bad-header": [502, "open"],
  garbage: ["HPE_INVALID_CONSTANT", "other"],
  "huge-header": [502, "open"],
  hang: [504, "upstream_response_timeout"],
  // one page for both; the other one is the usual case
  blackhole: [504, "upstream_response_timeout"],
  "tls-untrusted": [502, "open"],
  "tls-plain": [502, "open"],
  "no-name": [502, "open"],
  "none-live": [502, "open"],
};
const HAPROXY: Shown = {
  refused: [503, "upstream_refused"],
  closed: [502, "open"],
  reset: [502, "open"],
  "bad-header": [502, "open"],
  garbage: [502, "open"],
  "huge-header": [502, "open"],
  hang: [504, "upstream_response_timeout"],
  blackhole: [503, "upstream_connect_timeout"],
  // as a refusal
  "tls-untrusted": [503, "upstream_refused"],
  "tls-plain": [503, "upstream_refused"],
  // a server without an address is not live
  "no-name": [503, "no_live_upstream"],
  "none-live": [503, "no_live_upstream"],
};
const APACHE: Shown = {
  refused: [503, "upstream_refused"],
  closed: [502, "open"],
  reset: [502, "open"],
  "bad-header": [500, "other"],
  garbage: [200, "other"],
  "huge-header": [502, "upstream_header_too_big"],
  hang: [502, "upstream_response_timeout"],
  blackhole: [503, "upstream_connect_timeout"],
  "tls-untrusted": [500, "upstream_tls_failure"],
  "tls-plain": [500, "upstream_tls_failure"],
  "no-name": [500, "upstream_name_not_found"],
  // what it has left out had refused
  "none-live": [503, "upstream_refused"],
};
const CADDY: Shown = {
  refused: [502, "open"],
  closed: [502, "open"],
  reset: [502, "open"],
  "bad-header": [200, "other"],
  garbage: [502, "open"],
  "huge-header": ["HPE_HEADER_OVERFLOW", "other"],
  hang: [504, "upstream_response_timeout"],
  blackhole: [502, "upstream_connect_timeout"],
  "tls-untrusted": [502, "open"],
  "tls-plain": [502, "open"],
  "no-name": [502, "open"],
  "none-live": [503, "no_live_upstream"],
};
const VARNISH: Partial<Shown> = {
  refused: [503, "open"],
  closed: [503, "open"],
  reset: [503, "open"],
  "bad-header": [503, "open"],
  garbage: [503, "open"],
  "huge-header": [503, "open"],
  hang: [503, "upstream_response_timeout"],
  "none-live": [503, "open"],
};
const SQUID: Partial<Shown> = {
  refused: [503, "upstream_refused"],
  closed: [502, "upstream_closed_early"],
  reset: [502, "upstream_reset"],
  "bad-header": [502, "upstream_invalid_response"],
  garbage: [200, "other"],
  "huge-header": [502, "upstream_header_too_big"],
  hang: [504, "upstream_response_timeout"],
  "tls-plain": [503, "upstream_tls_failure"],
  "none-live": [502, "no_live_upstream"],
};
const SHOWN: Readonly<Record<GatewayName, Partial<Shown>>> = {
  nginx: NGINX,
  haproxy: HAPROXY,
  apache: APACHE,
  caddy: CADDY,
  varnish: VARNISH,
  squid: SQUID,
};

/** With the settings of docs/diagnosis.md: what is told then, where it was open or only likely before. */
const REVEALED: readonly (readonly [GatewayName, Partial<Shown>])[] = [
  [
    "nginx",
    {
      refused: [502, "upstream_refused"],
      closed: [502, "open"],
      reset: [502, "open"],
      "bad-header": [502, "open"],
      "huge-header": [502, "upstream_header_too_big"],
      hang: [504, "upstream_response_timeout"],
      blackhole: [504, "upstream_connect_timeout"],
      "tls-untrusted": [502, "open"],
      "no-name": [502, "upstream_name_not_found"],
      "none-live": [502, "no_live_upstream"],
    },
  ],
  [
    "haproxy",
    {
      ...HAPROXY,
      "tls-untrusted": [503, "upstream_tls_failure"],
      "tls-plain": [503, "upstream_tls_failure"],
    },
  ],
  ["apache", APACHE],
  [
    "caddy",
    {
      refused: [502, "upstream_refused"],
      closed: [502, "upstream_closed_early"],
      reset: [502, "upstream_reset"],
      garbage: [502, "upstream_invalid_response"],
      hang: [504, "upstream_response_timeout"],
      blackhole: [502, "upstream_connect_timeout"],
      "tls-untrusted": [502, "upstream_tls_failure"],
      "tls-plain": [502, "upstream_tls_failure"],
      "no-name": [502, "upstream_name_not_found"],
      "none-live": [503, "no_live_upstream"],
    },
  ],
];

const faultsOf = (shown: Partial<Shown>): FaultName[] =>
  (Object.keys(FAULTS) as FaultName[]).filter((fault) => shown[fault] !== undefined);

/** What was seen in the words of the table. */
function described(fault: FaultName, expected: Shows, { observation, verdict }: Seen): Shows {
  const status = observation.http?.status ?? observation.error?.code ?? "nothing";
  if (expected[1] === "open" && verdict.kind === null) {
    return [status, verdict.kinds?.includes(FAULTS[fault]) === true ? "open" : "other"];
  }
  return [status, verdict.kind ?? "other"];
}

function compare(shown: Partial<Shown>, seen: ReadonlyMap<FaultName, Seen>, gateway: string): void {
  const told = [...seen].map(([fault, look]) => {
    const expected = shown[fault] ?? [0, "other"];
    const by = expected[1] === "other" ? gateway : look.verdict.gateway;
    return [fault, described(fault, expected, look), by] as const;
  });
  const expected = [...seen.keys()].map((fault) => [fault, shown[fault], gateway]);
  expect(told).toEqual(expected);
}

// a full second for each limit: some programs count in nothing smaller. On a machine that stands still a
// timer goes off late and is not taken for one, so a second look is allowed
const LIMITS = { connectMs: 1_000, answerMs: 1_000 };

describe.concurrent("real gateways", { retry: 2 }, () => {
  test.each(Object.entries(SHOWN) as [GatewayName, Partial<Shown>][])(
    "%s shows its upstream's faults as the table says",
    async (name, shown) => {
      const seen = await lookThrough(name, faultsOf(shown), LIMITS);
      compare(shown, seen, NAMES[name]);
      for (const { verdict } of seen.values()) {
        if (verdict.gateway !== null) expect(verdict.answeredBy).toBe("edge");
      }
    },
  );

  test.each(REVEALED)("%s says more with the recommended setting", async (name, shown) => {
    const seen = await lookThrough(name, faultsOf(shown), { ...LIMITS, reveals: true });
    compare(shown, seen, NAMES[name]);
  });

  test("a gateway behind another one is named, and the one before it as well", async () => {
    const seen = await lookThrough("haproxy", ["hang"], LIMITS, async (behind) => {
      const inner = await startGateway("haproxy", behind);
      const outer = await startGateway("nginx", { upstream: inner, answerMs: 5_000 });
      return {
        ...outer,
        close: async () => {
          await outer.close();
          await inner.close();
        },
      };
    });
    const verdict = seen.get("hang")?.verdict;
    expect(verdict).toMatchObject({
      gateway: "HAProxy",
      kind: "upstream_response_timeout",
      answeredBy: "origin",
      hops: ["nginx", "HAProxy"],
    });
    expect(verdict?.summary).toMatch(/^HAProxy behind nginx answered 504 Gateway Timeout after /);
  });
});

describe.each<GatewayName>(["nginx", "haproxy", "apache", "caddy"])("%s before an application", (name) => {
  let upstream: FakeUpstream;
  let gateway: RunningGateway;
  beforeAll(async () => {
    upstream = await startFakeUpstream();
    gateway = await startGateway(name, { upstream });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  test("the application's own answers are not put down to the gateway", async () => {
    upstream.behave({
      status: 502,
      headers: { "content-type": "application/json" },
      body: '{"error":"billing"}',
    });
    const own = (await lookAt(gateway.url)).verdict;
    expect([own.outcome, own.gateway, own.kind]).toEqual(["bad_gateway", null, null]);
    // HAProxy leaves no trace in what it passes on
    expect(own.answeredBy).toBe(name === "haproxy" ? null : "origin");

    upstream.behave({
      status: 503,
      headers: { "content-type": "text/html" },
      body: "<h1>Closed for lunch</h1>",
    });
    expect((await lookAt(gateway.url)).verdict).toMatchObject({
      outcome: "service_unavailable",
      gateway: null,
    });
  });

  test("it recovers", async () => {
    upstream.behave("ok");
    expect((await lookAt(gateway.url)).verdict).toMatchObject({ outcome: "up", gateway: null, kinds: [] });
  });
});
