import { describe, expect, test } from "vitest";

import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import { leavesOut, MAX_FRONT_SAMPLES, samplesMissing } from "#lib/model/pool.ts";

import { answered, failed } from "./observations.ts";

const ok = answered(200);
const bad = answered(502);
const refused = failed("ECONNREFUSED", "connect");
const aborted = failed("ABORTED", "first_byte");

/** A pool as its probe hands it over; the first failure at the front door speaks for it. */
function pool(members: readonly Observation[], front: readonly Observation[]): Observation {
  const speaks = front.find((look) => look !== ok) ?? front[0] ?? ok;
  return {
    ...speaks,
    pool: { members: members.map((observation, i) => ({ name: `m${i + 1}`, observation })), front },
  };
}

const times = (look: Observation, count: number): Observation[] => Array.from({ length: count }, () => look);

describe("a pool", () => {
  test.each<[string, Observation, Outcome, RegExp]>([
    ["all fine", pool(times(ok, 4), times(ok, 4)), "up", /^Answered 200/],
    [
      "one bad",
      pool([ok, bad, ok, ok], [ok, ok, bad, ok]),
      "partial_failure",
      /^1 of 4 members answers 502: about 25 % of requests fail \(member m2\)\.$/,
    ],
    [
      "the share is the front door's",
      pool([ok, bad, ok, ok], [ok, ok, bad, bad]),
      "partial_failure",
      /about 50 %/,
    ],
    [
      "several alike",
      pool([refused, refused, ok], [bad, ok, ok]),
      "partial_failure",
      /^2 of 3 members refuse the connection: .*\(members m1, m2\)/,
    ],
    [
      "several unlike",
      pool([refused, bad, ok], [bad, ok, ok]),
      "partial_failure",
      /^2 of 3 members fail: about 33 %/,
    ],
    [
      "many bad ones",
      pool([...times(bad, 7), ...times(ok, 3)], [bad, ok]),
      "partial_failure",
      /\(members m1, m2, m3, m4, m5 and 2 more\)/,
    ],
    [
      "now and then, members fine",
      pool(times(ok, 4), [ok, bad, ok, ok]),
      "partial_failure",
      /although all 4 members answer: about 25 % of requests fail, between the gateway and its members/,
    ],
    [
      "too few to tell",
      pool([ok, bad, ok, ok], times(ok, 4)),
      "partial_failure",
      /about 25 % of requests fail if the gateway still uses it; none of 4 .* too few to tell/,
    ],
    [
      "left out",
      pool([ok, bad, ok, ok], times(ok, 11)),
      "slow",
      /^1 of 4 members answers 502, but none of 11 requests .* leaves it out/,
    ],
    [
      "members out of our reach",
      pool(times(refused, 3), times(ok, 3)),
      "up",
      /None of its 3 members answers from here/,
    ],
    [
      "front door broken",
      pool(times(ok, 3), times(bad, 3)),
      "bad_gateway",
      /All 3 members answer by themselves: the gateway itself/,
    ],
    ["all broken", pool(times(refused, 3), times(bad, 3)), "bad_gateway", /All 3 members fail as well/],
    [
      "broken, with a member",
      pool([ok, refused, ok], times(bad, 3)),
      "bad_gateway",
      /1 of 3 members fails as well \(member m2\)/,
    ],
    [
      "members unknown",
      pool(times(aborted, 3), times(bad, 3)),
      "bad_gateway",
      /members could not be looked at/,
    ],
    ["nothing known", pool(times(aborted, 3), times(aborted, 3)), "unknown", /ended after/],
  ])("%s", (_, observation, outcome, sentence) => {
    const verdict = classify(observation, { slowMs: null, expectStatus: ["200-299"] });
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.summary).toMatch(sentence);
    expect(Object.keys(verdict.details ?? {})).toHaveLength(1 + (observation.pool?.members.length ?? 0));
  });

  test("holds a member against what it is asked for itself", () => {
    const observation = pool([answered(204), ok], [ok, ok]);
    const expectations = { slowMs: null, expectStatus: ["200"], members: [[204], [200]] };
    expect(classify(observation, expectations).outcome).toBe("up");
    expect(classify(observation, { ...expectations, members: [[200], [200]] }).outcome).toBe(
      "partial_failure",
    );
  });
});

describe("how many samples tell", () => {
  test.each([
    [0, 4, 4, 0],
    [1, 4, 4, 7],
    [1, 4, 11, 0],
    [2, 4, 4, 1],
    [4, 4, 4, 0],
    // 149 would be needed: too many for a look
    [1, 50, 50, 0],
  ])("%i of %i failing, %i taken: %i more", (failing, members, taken, more) => {
    expect(samplesMissing(failing, members, taken)).toBe(more);
    if (more > 0) expect(leavesOut(failing, members, taken + more)).toBe(true);
    expect(taken + more).toBeLessThanOrEqual(MAX_FRONT_SAMPLES);
  });
});
