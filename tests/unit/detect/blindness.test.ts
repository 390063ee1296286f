import { describe, expect, it } from "vitest";

import { hostOfTarget, isEnough, judgeOthers, judgeSight } from "#lib/detect/blindness.ts";

const sample = (failing: number, fine: number, asked = 10) => ({ asked, failing, fine });

describe("judgeSight", () => {
  it.each([
    // something outside answers: whatever fails, it is not us
    ["clear", sample(10, 0), false, "sees"],
    ["waiting", sample(0, 0, 0), false, "undecided"],
    ["waiting", sample(0, 0, 0), true, "sees"],
    ["silent", sample(6, 0), false, "blind"],
    ["silent", sample(6, 4), false, "blind"],
    // answers come faster than failures: what is still out may decide it either way
    ["silent", sample(2, 4), false, "undecided"],
    ["silent", sample(5, 0), false, "undecided"],
    ["silent", sample(2, 5), false, "sees"],
    // time is over: of those that came back
    ["silent", sample(3, 2), true, "blind"],
    ["silent", sample(1, 2), true, "sees"],
    ["silent", sample(0, 0), true, "sees"],
    ["silent", sample(1, 0, 1), false, "blind"],
  ] as const)("%s with %j, over: %s, is %s", (outside, of, over, expected) => {
    expect(judgeSight(outside, of, over)).toBe(expected);
  });
});

it("speaks of most checks from three of two targets on, and of any with canaries that were chosen", () => {
  expect(isEnough({ checks: 3, targets: 2 }, false)).toBe(true);
  expect(isEnough({ checks: 3, targets: 1 }, false)).toBe(false);
  expect(isEnough({ checks: 2, targets: 2 }, false)).toBe(false);
  expect(isEnough({ checks: 1, targets: 1 }, true)).toBe(true);
  expect(isEnough({ checks: 0, targets: 0 }, true)).toBe(false);
});

it.each([
  [[], false, "clear"],
  [[], true, "waiting"],
  [[false], true, "silent"],
  [[true], true, "clear"],
  [[true, false], true, "clear"],
  [[true, false, false], true, "silent"],
] as const)("other regions that see failures %j (there: %s) are %s", (failing, there, expected) => {
  const looks = failing.map((each) => ({ failing: each }));
  expect(judgeOthers(looks, there)).toBe(expected);
});

it.each([
  [{ url: "https://api.example.com:8443/health?a=1" }, "api.example.com:8443"],
  [{ host: "db.example.com", port: 5432 }, "db.example.com"],
  [{ url: "https://${API}/x" }, "${api}"],
])("tells targets apart: %j is %s", (target, host) => {
  expect(hostOfTarget(target)).toBe(host);
});
