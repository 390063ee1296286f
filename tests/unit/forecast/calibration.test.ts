import { expect, it } from "vitest";

import { seededRandom } from "#lib/sample/random.ts";
import { FAMILIES } from "#tests/bench/forecast/families.ts";
import { replay, sum } from "#tests/bench/forecast/replay.ts";

// a tenth of what `npm run bench:forecast` replays: enough to see that a change breaks its word
it.each(FAMILIES)("keeps its word: $name", (family) => {
  const few = { ...family, pages: Math.ceil(family.pages / 10) };
  const { median, p90 } = sum([...replay(few, seededRandom(1)).values()]);
  expect(median.below / median.stated).toBeGreaterThan(0.42);
  expect(median.below / median.stated).toBeLessThan(0.58);
  expect(p90.below / p90.stated).toBeGreaterThan(0.85);
  expect(p90.below / p90.stated).toBeLessThan(0.95);
});
