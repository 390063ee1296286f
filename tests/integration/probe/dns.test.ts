import type { Answer } from "dns-packet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import { startFakeDns, type DnsBehaviour, type FakeDns } from "#tests/support/fake-dns.ts";

const NAME = "www.example.test";

let dns: FakeDns;
beforeAll(async () => {
  dns = await startFakeDns();
});
afterAll(() => dns.close());

interface Seen extends Observation {
  readonly outcome: Outcome;
  readonly summary: string;
}

async function look(behaviour: DnsBehaviour, target: object = {}, timeoutMs = 2_000): Promise<Seen> {
  dns.behave(behaviour);
  const check = {
    kind: "dns",
    target: { query: NAME, resolver: dns.resolver, ...target },
    timeoutMs,
    slowMs: null,
  };
  const observation = await runProbe(check);
  const { outcome, summary } = classify(observation, expectationsOf(check));
  return { ...observation, outcome, summary };
}

const A: Answer = { type: "A", name: NAME, ttl: 300, data: "192.0.2.7" };

describe("answers", () => {
  test("are kept with their shortest time to live", async () => {
    const seen = await look({ answers: [A, { ...A, ttl: 30, data: "192.0.2.8" }] });
    expect(seen.outcome).toBe("up");
    expect(seen.remote).toBe(dns.resolver);
    expect(seen.timings.dns).toBeGreaterThan(0);
    expect(seen.details).toEqual({
      type: "A",
      resolver: dns.resolver,
      rcode: "NOERROR",
      transport: "udp",
      answers: "192.0.2.7, 192.0.2.8",
      ttl: 30,
    });
  });

  test("behind an alias count, and the alias itself does not", async () => {
    const alias: Answer = { type: "CNAME", name: NAME, ttl: 60, data: "edge.example.test" };
    const seen = await look(
      { answers: [alias, { ...A, name: "edge.example.test" }] },
      { expect: ["192.0.2.7"], match: "exactly" },
    );
    expect(seen.outcome).toBe("up");
    expect((await look({ answers: [alias] })).error?.code).toBe("DNS_NODATA");
  });

  test.each<[string, Answer, string]>([
    ["AAAA", { type: "AAAA", name: NAME, data: "2001:db8:0:0::7" }, "2001:0DB8::0007"],
    ["CNAME", { type: "CNAME", name: NAME, data: "Edge.Example.Test" }, "edge.example.test."],
    [
      "MX",
      { type: "MX", name: NAME, data: { preference: 10, exchange: "mail.example.test" } },
      "10  mail.example.test.",
    ],
    ["NS", { type: "NS", name: NAME, data: "ns1.example.test" }, "NS1.example.test"],
    [
      "TXT",
      { type: "TXT", name: NAME, data: ["v=spf1 include:", "_spf.example.test -all"] },
      "v=spf1 include:_spf.example.test -all",
    ],
    [
      "SRV",
      { type: "SRV", name: NAME, data: { priority: 1, weight: 2, port: 443, target: "a.example.test" } },
      "1 2 443 a.example.test.",
    ],
    [
      "CAA",
      { type: "CAA", name: NAME, data: { flags: 0, tag: "issue", value: "ca.example.test" } },
      '0 issue "ca.example.test"',
    ],
    [
      "SOA",
      {
        type: "SOA",
        name: NAME,
        data: {
          mname: "ns1.example.test",
          rname: "hostmaster.example.test",
          serial: 7,
          refresh: 1,
          retry: 2,
          expire: 3,
          minimum: 4,
        },
      },
      "ns1.example.test. hostmaster.example.test. 7 1 2 3 4",
    ],
  ])("of type %s are compared as zone files write them", async (type, answer, expected) => {
    const target = { type, expect: [expected], match: "exactly" };
    expect((await look({ answers: [answer] }, target)).outcome).toBe("up");
    expect(dns.asked).toEqual([`udp ${type} ${NAME}`]);
    expect((await look({ answers: [answer] }, { ...target, expect: [`${expected}x`] })).outcome).toBe(
      "body_mismatch",
    );
  });

  test("of an address are looked up backwards", async () => {
    const pointer: Answer = { type: "PTR", name: "7.2.0.192.in-addr.arpa", data: "host.example.test" };
    const four = await look(
      { answers: [pointer] },
      { query: "192.0.2.7", type: "PTR", expect: ["host.example.test"] },
    );
    expect([four.outcome, dns.asked[0]]).toEqual(["up", "udp PTR 7.2.0.192.in-addr.arpa"]);
    await look({}, { query: "2001:db8::7", type: "PTR" });
    expect(dns.asked[0]).toBe(`udp PTR 7.${"0.".repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
  });

  test("that are too many or too few are told apart only where the check asks for it", async () => {
    const answers = [A, { ...A, data: "192.0.2.8" }];
    expect((await look({ answers }, { expect: ["192.0.2.8"] })).outcome).toBe("up");
    const exact = await look({ answers }, { expect: ["192.0.2.8"], match: "exactly" });
    expect([exact.outcome, exact.error?.code]).toEqual(["body_mismatch", "DNS_UNEXPECTED"]);
    expect((await look({ answers }, { expect: ["192.0.2.9"] })).outcome).toBe("body_mismatch");
  });

  test("that do not fit into a datagram are fetched over TCP", async () => {
    const answers = Array.from({ length: 60 }, (_, i): Answer => ({ ...A, data: `192.0.2.${i}` }));
    const seen = await look({ answers, truncated: true }, { expect: ["192.0.2.59"] });
    expect([seen.outcome, seen.details?.["transport"]]).toEqual(["up", "tcp"]);
    expect(dns.asked).toEqual([`udp A ${NAME}`, `tcp A ${NAME}`]);
  });

  test("come after a lost datagram as well", async () => {
    const seen = await look({ answers: [A], silent: 1 }, {}, 900);
    expect([seen.outcome, dns.asked.length]).toEqual(["up", 2]);
  });
});

describe("failures", () => {
  test.each<[string, DnsBehaviour, Outcome, RegExp]>([
    ["DNS_NXDOMAIN", { rcode: 3 }, "dns_failure", /does not exist \(NXDOMAIN\)/],
    ["DNS_SERVFAIL", { rcode: 2 }, "dns_failure", /SERVFAIL/],
    ["DNS_REFUSED", { rcode: 5 }, "dns_failure", /refuses to answer/],
    ["DNS_ERROR", { rcode: 4 }, "dns_failure", /answers with an error/],
    ["DNS_NODATA", {}, "dns_failure", /no record of the type/],
    ["DNS_TIMEOUT", { silent: true }, "dns_failure", /No answer from the resolver within/],
    ["DNS_MALFORMED", { garbage: true }, "invalid_response", /cannot be read/],
  ])("%s has its own code and sentence", async (code, behaviour, outcome, sentence) => {
    const seen = await look(behaviour, {}, 500);
    expect([seen.outcome, seen.error?.code, seen.phase]).toEqual([outcome, code, "dns"]);
    expect(seen.summary).toMatch(sentence);
    expect(seen.details?.["resolver"]).toBe(dns.resolver);
  });

  test("a resolver that is not there is told from one that is silent", async () => {
    const gone = await startFakeDns();
    await gone.close();
    const seen = await look({}, { resolver: gone.resolver });
    expect([seen.outcome, seen.error?.code]).toEqual(["dns_failure", "DNS_UNREACHABLE"]);
    expect(seen.timings.total).toBeLessThan(1_000);
  });

  test("an answer over TCP may hold nothing as well", async () => {
    expect((await look({ truncated: true })).error?.code).toBe("DNS_NODATA");
    expect((await look({ truncated: true, rcode: 3 })).error?.code).toBe("DNS_NXDOMAIN");
  });
});
