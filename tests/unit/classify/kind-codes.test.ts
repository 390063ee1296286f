import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import { span } from "#lib/classify/duration.ts";
import { KIND_CODES } from "#lib/classify/kind-codes.ts";
import { DNS_CODES } from "#lib/probe/dns-exchange.ts";
import { grpcStatus } from "#lib/probe/grpc-health.ts";
import { GRPC_CODES } from "#lib/probe/grpc.ts";
import { ICMP_CODES } from "#lib/probe/icmp-output.ts";
import { PUSH_CODES } from "#lib/probe/push.ts";
import { WEBSOCKET_CODES } from "#lib/probe/websocket.ts";

import { failed } from "./observations.ts";

const statuses = Array.from({ length: 16 }, (_, i) => `GRPC_${grpcStatus(String(i + 1))}`);
const codes = [DNS_CODES, GRPC_CODES, ICMP_CODES, PUSH_CODES, WEBSOCKET_CODES].flatMap((each) =>
  Object.values(each),
);

describe("codes of the kinds", () => {
  test.each([...codes, ...statuses])("%s has an outcome and a sentence", (code) => {
    const verdict = classify(failed(code, "first_byte"), { slowMs: null, expectStatus: [] });
    expect(verdict.outcome).toBe(KIND_CODES[code]?.outcome);
    expect(verdict.summary).toMatch(/^[A-Z\d].{15,200}[.]$/);
  });

  test("there are no others in the table", () => {
    const known = new Set([...codes, ...statuses, "MISSED", "REPORTED_FAILURE"]);
    expect(Object.keys(KIND_CODES).filter((code) => !known.has(code))).toEqual([]);
  });
});

test.each([
  [400, "under a second"],
  [1_000, "1 second"],
  [91_000, "1 minute 31 seconds"],
  [3_600_000, "1 hour"],
  [26 * 3_600_000, "1 day 2 hours"],
])("a span of %i ms is %s", (ms, words) => {
  expect(span(ms)).toBe(words);
});
