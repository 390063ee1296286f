import { expect, it } from "vitest";

import { recordSchema } from "#lib/agent/wire.ts";
import type { Evidence } from "#lib/model/evidence.ts";

const timings = { dns: 1, connect: 2, tls: 3, firstByte: 4, total: 10 };

/**
 * Every field, those as well that are left out when there is nothing to tell, as full as it gets; but
 * for the cause, which the server tells.
 */
const EVIDENCE: Omit<Required<Evidence>, "cause"> = {
  at: "2026-01-31T12:00:00.000Z",
  outcome: "bad_gateway",
  summary: "nginx answers 502.",
  gateway: "nginx",
  gatewayEvidence: ["server: nginx/1.22.1"],
  kind: "upstream_refused",
  kinds: ["upstream_refused", "no_live_upstream"],
  answeredBy: "edge",
  hops: ["nginx"],
  roundTimeoutS: 60,
  phase: "done",
  error: { code: "UNEXPECTED_ANSWER", message: "x".repeat(1_000) },
  httpStatus: 502,
  httpVersion: "1.1",
  headers: Object.fromEntries(
    Array.from({ length: 64 }, (_, n) => [`${n}`.padEnd(128, "h"), "v".repeat(512)]),
  ),
  bodyStart: "b".repeat(2_048),
  url: `https://example.com/${"u".repeat(2_000)}`,
  redirects: Array.from({ length: 20 }, () => ({
    status: 302,
    url: `https://example.com/${"u".repeat(2_000)}`,
    remote: "192.0.2.1:443",
  })),
  remote: "[2001:db8::1]:443",
  timings,
  certificate: {
    subject: "s".repeat(256),
    issuer: "i".repeat(256),
    validFrom: "2026-01-01T00:00:00.000Z",
    validTo: "2027-01-01T00:00:00.000Z",
    altNames: "n".repeat(4_096),
  },
  details: {
    front: "4 of 8 requests fine",
    ...Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [
        `member ${`${n}`.padEnd(64, "m")}`,
        "bad_gateway, status 502, 12 ms",
      ]),
    ),
  },
};

const look = (evidence: unknown) => ({
  type: "look",
  checkNumber: 1,
  slotAt: 1,
  outcome: "bad_gateway",
  httpStatus: 502,
  timings,
  evidence,
});

it("carries everything that a probe leaves behind, as much as it may be", () => {
  expect(recordSchema.parse(look(EVIDENCE))).toMatchObject({ evidence: EVIDENCE });
});

it.each<[string, object]>([
  ["redirects without end", { redirects: Array.from({ length: 33 }, () => EVIDENCE.redirects[0]) }],
  ["a URL that is a book", { url: "u".repeat(5_000) }],
  ["a detail that is a book", { details: { answer: "a".repeat(3_000) } }],
  ["details without end", { details: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [n, n])) }],
  ["a body that was not cut", { bodyStart: "b".repeat(10_000) }],
  ["what no database takes", { summary: "a\u0000b" }],
  ["half a letter", { bodyStart: "\ud83d" }],
  ["headers without end", { headers: Object.fromEntries(Array.from({ length: 81 }, (_, n) => [n, "v"])) }],
])("does not take %s", (_name, hostile) => {
  expect(recordSchema.safeParse(look({ ...EVIDENCE, ...hostile })).success).toBe(false);
});
