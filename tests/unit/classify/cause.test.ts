import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { explain } from "#lib/classify/cause.ts";
import { CAUSE_RULES, NOT_SURE, PRIORS, SURE_FROM } from "#lib/classify/cause-rules.ts";
import type { CauseFacts, PastLook } from "#lib/model/cause-facts.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import { CAUSE_KINDS, type FaultKind } from "#lib/model/verdict.ts";

const START = Date.UTC(2026, 2, 10, 12, 4);
const MINUTE = 60_000;

function look(minute: number, outcome: Outcome = "up", more: Partial<PastLook> = {}): PastLook {
  return {
    at: START + minute * MINUTE,
    region: "local",
    outcome,
    status: null,
    connectMs: 1,
    totalMs: 40,
    error: null,
    phase: outcome === "up" ? null : "done",
    kind: null,
    retryAfter: null,
    ...more,
  };
}

/** Looks of a quarter of an hour before the start, and five minutes of one failure. */
function course(outcome: Outcome, more: Partial<PastLook> = {}): PastLook[] {
  return [
    ...Array.from({ length: 15 }, (_, minute) => look(minute - 15)),
    ...Array.from({ length: 5 }, (_, minute) => look(minute, outcome, more)),
  ];
}

function evidence(outcome: Outcome, more: Partial<Evidence> = {}): Evidence {
  return {
    at: new Date(START).toISOString(),
    outcome,
    summary: "",
    gateway: null,
    gatewayEvidence: [],
    kind: null,
    cause: null,
    phase: "done",
    error: null,
    httpStatus: null,
    httpVersion: null,
    headers: {},
    bodyStart: "",
    url: null,
    remote: null,
    timings: { dns: null, connect: 1, tls: null, firstByte: 3, total: 5 },
    certificate: null,
    ...more,
  };
}

function facts(outcome: Outcome, more: Partial<CauseFacts> = {}): CauseFacts {
  return {
    now: START + 5 * MINUTE,
    component: "Shop",
    startedAt: START,
    endedAt: null,
    outcome,
    kind: null,
    timeoutMs: 10_000,
    first: evidence(outcome),
    last: evidence(outcome),
    looks: [],
    votes: [],
    maintenances: [],
    deploys: [],
    provider: null,
    neighbours: [],
    pool: null,
    ...more,
  };
}

const rulesOf = (cause: ReturnType<typeof explain>) => cause.evidence.map(({ rule }) => rule);

const ofPool = (members: number, failing: number) =>
  rulesOf(explain(facts("bad_gateway", { pool: { members, failing } })));

const FAST_502: Partial<PastLook> = { status: 502, totalMs: 4 };

/** Looks every ten seconds, of which one of `every` fails. */
function strewn(every: number, failure: Partial<PastLook> = {}): PastLook[] {
  return Array.from({ length: 40 }, (_, n) =>
    n % every === 0 ? look((n - 30) / 6, "bad_gateway", { ...FAST_502, ...failure }) : look((n - 30) / 6),
  );
}

const ofGateway = (looks: readonly PastLook[], kind: FaultKind | null = null) =>
  explain(facts("bad_gateway", { looks, kind }));

function ofWait(roundTimeoutS: number | null, kind: FaultKind | null) {
  const last = evidence("gateway_timeout", { httpStatus: 504, roundTimeoutS, kind });
  return explain(facts("gateway_timeout", { first: last, last, kind }));
}

describe("a cause", () => {
  test("is not claimed without evidence", () => {
    const cause = explain(facts("server_error", { first: null, last: null }));
    expect(cause).toMatchObject({
      kind: "unknown",
      evidence: [],
      summary: "Why Shop fails is not clear yet.",
    });
    expect(cause.confidence).toBeLessThanOrEqual(NOT_SURE);
  });

  test("is told in a sentence with the strongest reason, the evidence strongest first", () => {
    const slower = course("response_timeout", { totalMs: 10_000, phase: "first_byte" }).map((each) =>
      each.at >= START - 8 * MINUTE && each.at < START ? { ...each, totalMs: 900 } : each,
    );
    const cause = explain(facts("response_timeout", { looks: slower }));
    expect(cause.kind).toBe("overload");
    expect(cause.summary).toBe(
      "The servers of Shop cannot keep up: answers had been getting slower for 8 minutes before the errors began (from 40 ms to 900 ms).",
    );
    expect(cause.evidence[0]).toEqual({
      rule: "answers-slowed-down",
      text: "Answers had been getting slower for 8 minutes before the errors began (from 40 ms to 900 ms).",
      weight: 3,
    });
    const weights = cause.evidence.map(({ weight }) => Math.abs(weight));
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  });

  test("shows what speaks against it, and is then not sure", () => {
    const looks = course("client_error", { status: 404, totalMs: 5 }).map((each) =>
      each.at < START && each.at >= START - 5 * MINUTE ? { ...each, totalMs: 900 } : each,
    );
    const cause = explain(
      facts("client_error", { looks, last: evidence("client_error", { httpStatus: 404 }) }),
    );
    expect(cause.kind).toBe("configuration");
    expect(cause.confidence).toBeLessThan(SURE_FROM);
    expect(cause.evidence.find(({ rule }) => rule === "answers-slowed-down")?.weight).toBeLessThan(0);
  });

  test("is sure by a proof alone, unless another proof denies it", () => {
    const last = evidence("tls_failure", { error: { code: "CERT_HAS_EXPIRED", message: "" } });
    const expired = explain(facts("tls_failure", { first: last, last }));
    expect(expired.confidence).toBeGreaterThan(0.95);
    const maintenances = [{ name: "Upgrade", from: START - MINUTE, to: START + 60 * MINUTE }];
    const both = explain(facts("tls_failure", { first: last, last, maintenances }));
    expect(both.confidence).toBeLessThan(SURE_FROM);
  });

  test("is never sure by one rule that is no proof, whatever its weight", () => {
    for (const rule of CAUSE_RULES.filter(({ proof }) => proof !== true)) {
      for (const weight of Object.values(rule.weights)) expect(Math.exp(weight)).toBeLessThan(100);
    }
    const unreachable = evidence("connection_refused", { error: { code: "EHOSTUNREACH", message: "" } });
    const cause = explain(facts("connection_refused", { first: unreachable, last: unreachable }));
    expect(cause).toMatchObject({ kind: "firewall", confidence: expect.closeTo(NOT_SURE, 1) });
    expect(cause.confidence).toBeLessThanOrEqual(NOT_SURE);
    expect(cause.summary).toContain("probably");
  });

  test("hears only the regions that fail", () => {
    const looks = [
      ...course("connect_timeout", { totalMs: 10_000, phase: "connect" }),
      ...Array.from({ length: 20 }, (_, minute) => look(minute - 15, "up", { region: "south" })),
    ];
    const votes = [
      { region: "local", health: "down", outcome: "connect_timeout" },
      { region: "south", health: "up", outcome: "up" },
    ] as const;
    const cause = explain(facts("connect_timeout", { looks, votes }));
    expect(rulesOf(cause)).toContain("some-regions-barred");
    expect(rulesOf(cause)).not.toContain("comes-and-goes");
    expect(cause.kind).toBe("firewall");
  });

  test("names a provider that is in trouble, without a claim of its own", () => {
    const provider = {
      name: "Example Cloud",
      indicator: "major",
      description: "Partial System Outage",
      since: START,
    };
    const cause = explain(
      facts("bad_gateway", { looks: course("bad_gateway", { status: 502, totalMs: 4 }), provider }),
    );
    expect(cause.kind).toBe("unknown");
    expect(cause.summary).toBe(
      "Why Shop fails is not clear yet: the provider Example Cloud says of itself: Partial System Outage, since 12:04 UTC.",
    );
  });

  test("of a pool: one member, all of them, or what stands before them", () => {
    expect(ofPool(4, 1)).toContain("some-members-fail");
    expect(ofPool(4, 4)).toContain("all-members-fail");
    expect(ofPool(4, 0)).toContain("members-are-well");
  });

  test("of 502s that are strewn among good answers: one of several servers, not the way there", () => {
    const one = ofGateway(strewn(4));
    expect(one.kind).toBe("configuration");
    expect(one.summary).toBe(
      "Something about Shop is probably set up wrongly: about 25 % of the requests fail at once and in the same way while the others are fine, as if one of several servers behind the gateway were broken.",
    );
    expect(one.confidence).toBeLessThanOrEqual(NOT_SURE);
    expect(rulesOf(one)).not.toContain("gateway-loses-some");

    const others = {
      "every other one": ofGateway(strewn(2)),
      "after a while": ofGateway(strewn(4, { totalMs: 5_000 })),
      "in different ways": ofGateway([...strewn(4), look(2, "connection_reset")]),
      "the gateway had got through": ofGateway(strewn(4), "upstream_reset"),
      "an outage in the end": ofGateway([
        ...strewn(8),
        ...Array.from({ length: 8 }, (_, n) => look(3 + n, "bad_gateway", FAST_502)),
      ]),
    };
    for (const [story, cause] of Object.entries(others)) {
      expect(rulesOf(cause), story).not.toContain("one-of-several");
    }
  });

  test("of a wait that ends on a gateway's usual limit: it is worked on for too long", () => {
    const cause = ofWait(60, "upstream_response_timeout");
    expect(cause.evidence).toContainEqual({
      rule: "round-time-limit",
      text: "The gateway gives up after 60 seconds, a usual time limit, while the server behind it still works on the answer.",
      weight: 0.5,
    });
    expect(rulesOf(ofWait(null, null))).not.toContain("round-time-limit");
    expect(rulesOf(ofWait(60, "upstream_connect_timeout"))).not.toContain("round-time-limit");
  });

  test("of a new version: a restart at first, a mistake when it stays", () => {
    const deploys = [{ at: START - 30_000 }];
    const looks = course("bad_gateway", { status: 502, totalMs: 4 });
    expect(explain(facts("bad_gateway", { looks, deploys })).kind).toBe("planned");
    const later = explain(facts("bad_gateway", { looks, deploys, now: START + 40 * MINUTE }));
    expect(later.kind).toBe("configuration");
    const old = explain(facts("bad_gateway", { looks, deploys: [{ at: START - 40 * MINUTE }] }));
    expect(rulesOf(old)).not.toContain("deploy-just-before");
  });

  test("is told alike for the same facts", () => {
    const given = facts("bad_gateway", { looks: course("bad_gateway", { status: 502, totalMs: 4 }) });
    expect(explain(given)).toEqual(explain(structuredClone(given)));
  });
});

describe("the table of rules", () => {
  test("has each name once, a reason, and a cause that it speaks for", () => {
    expect(new Set(CAUSE_RULES.map(({ id }) => id)).size).toBe(CAUSE_RULES.length);
    for (const rule of CAUSE_RULES) {
      expect(rule.reason, rule.id).toMatch(/\.$/);
      expect(
        Object.values(rule.weights).some((weight) => weight !== 0),
        rule.id,
      ).toBe(true);
    }
  });

  test("claims nothing before anything is known", () => {
    for (const kind of CAUSE_KINDS) expect(PRIORS[kind]).toBeLessThanOrEqual(0);
  });

  test("stands in docs/diagnosis.md as it is", () => {
    const document = readFileSync(join(import.meta.dirname, "../../../docs/diagnosis.md"), "utf8");
    const section = document.slice(document.indexOf("\n### The rules\n")).split("\n## ")[0] ?? "";
    const rows = section.split("\n").filter((line) => /^\| `[a-z-]+` \|/.test(line));
    const written = new Map(rows.map((row) => [/`([a-z-]+)`/.exec(row)?.[1] ?? "", row]));
    const missing = CAUSE_RULES.filter(
      (rule) => !(written.get(rule.id) ?? "").includes(weightsOf(rule.weights)),
    );
    expect(
      missing.map(
        (rule) =>
          `| \`${rule.id}\` | ${rule.family}${rule.proof === true ? ", proof" : ""} | ${weightsOf(rule.weights)} | ${rule.reason} |`,
      ),
    ).toEqual([]);
    expect([...written.keys()].filter((id) => !CAUSE_RULES.some((rule) => rule.id === id))).toEqual([]);
  });
});

/** "overload +3, configuration −1.2". */
function weightsOf(weights: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(weights)
    .map(([kind, weight = 0]) => `${kind} ${weight < 0 ? "−" : "+"}${Math.abs(weight)}`)
    .join(", ");
}
