import { expect, it } from "vitest";

import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { isRelapse } from "#lib/model/relapse.ts";

const EVERY_10_S = 10 * SECOND;

it.each([
  ["within a minute", { lastedMs: MINUTE, looks: 6, failures: 0 }, EVERY_10_S, true],
  ["just after a minute of good looks", { lastedMs: MINUTE + 1, looks: 6, failures: 0 }, EVERY_10_S, false],
  ["within two long intervals", { lastedMs: 10 * MINUTE, looks: 2, failures: 0 }, 5 * MINUTE, true],
  ["after more than that", { lastedMs: 10 * MINUTE + 1, looks: 2, failures: 0 }, 5 * MINUTE, false],
  ["before its end", { lastedMs: -5 * SECOND, looks: 0, failures: 0 }, EVERY_10_S, true],
  ["while a tenth kept failing", { lastedMs: HOUR, looks: 360, failures: 36 }, EVERY_10_S, true],
  ["while fewer failed", { lastedMs: HOUR, looks: 360, failures: 35 }, EVERY_10_S, false],
  ["too late for that", { lastedMs: HOUR + 1, looks: 360, failures: 360 }, EVERY_10_S, false],
  ["in a hundred long intervals", { lastedMs: 100 * MINUTE, looks: 100, failures: 25 }, MINUTE, true],
  ["when nobody looked", { lastedMs: HOUR, looks: 0, failures: 0 }, EVERY_10_S, true],
] as const)("a failure %s", (_when, recovery, intervalMs, relapse) => {
  expect(isRelapse(recovery, intervalMs)).toBe(relapse);
});
