import { describe, expect, test } from "vitest";

import { ProbeFailure, toFailure } from "#lib/probe/failure.ts";

const coded = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`connect ${code}`), { code, ...more });

describe("failures", () => {
  test.each([
    [["ENETUNREACH", "ECONNREFUSED"], "ECONNREFUSED"],
    [["ETIMEDOUT", "ECONNREFUSED"], "ECONNREFUSED"],
    [["ENETUNREACH", "ETIMEDOUT"], "ETIMEDOUT"],
    [["ENETUNREACH", "EHOSTUNREACH"], "EHOSTUNREACH"],
    [["EMFILE", "ENETUNREACH"], "ENETUNREACH"],
    [["ENETUNREACH"], "ENETUNREACH"],
  ])("of the addresses that failed with %j, %s says most", (codes, expected) => {
    expect(toFailure(new AggregateError(codes.map((code) => coded(code)))).code).toBe(expected);
  });

  test("an orderly close is told from a reset", () => {
    expect(toFailure(coded("ECONNRESET")).code).toBe("CLOSED");
    expect(toFailure(coded("ECONNRESET", { syscall: "read" })).code).toBe("ECONNRESET");
  });

  test("OpenSSL's readable reason is taken instead of its source lines", () => {
    const failure = toFailure(coded("ERR_SSL_WRONG_VERSION_NUMBER", { reason: "wrong version number" }));
    expect([failure.code, failure.message]).toEqual(["ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number"]);
  });

  test("what has no code is a defect of ours; what is told already stays", () => {
    expect(toFailure(new TypeError("x is not a function")).code).toBe("PROBE_FAILED");
    expect(toFailure("thrown text").code).toBe("PROBE_FAILED");
    const told = new ProbeFailure("DEADLINE", "late");
    expect(toFailure(told)).toBe(told);
  });
});
