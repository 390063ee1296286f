import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { afterAll, describe, expect, test } from "vitest";

import { createTestDatabase } from "#tests/support/database.ts";
import { testAuthority } from "#tests/support/fake-upstream.ts";
import { canMakeNamespaces, play, type Scenario } from "#tests/support/scenarios/scenario.ts";
import { SCENARIOS } from "#tests/support/scenarios/scenarios.ts";

// the test certificates are to be judged by their faults, not by their unknown authority
setDefaultCACertificates([...getCACertificates("default"), testAuthority()]);

const withNamespaces = canMakeNamespaces();
const skipped = SCENARIOS.filter(({ namespace }) => namespace === true && !withNamespaces);

afterAll(() => {
  if (skipped.length > 0) {
    console.warn(
      `\n!! ${skipped.length} of ${SCENARIOS.length} scenarios were NOT PLAYED: packet filters and lossy ways take root on Linux (.ci/run has it).\n`,
    );
  }
});

/** Scenarios under way at once: they wait more than they work. */
const AT_ONCE = 5;
let free = AT_ONCE;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

async function playOnce(scenario: Scenario) {
  const database = await createTestDatabase();
  try {
    return await play(scenario, database.db);
  } finally {
    await database.drop();
  }
}

describe.concurrent("the cause of what goes wrong on real sockets", () => {
  test.for(SCENARIOS.map((scenario) => ({ ...scenario, title: `${scenario.truth}: ${scenario.name}` })))(
    "$title",
    { timeout: 60_000 },
    async (scenario, { skip }) => {
      skip(scenario.namespace === true && !withNamespaces, "takes network namespaces: root on Linux");
      const { cause, verdict } = await inTurn(() => playOnce(scenario));
      const story = JSON.stringify(cause, null, 1);
      expect(cause.kind, story).toBe(scenario.truth);
      expect(cause.summary, story).toMatch(/^[A-Z].*\.$/);
      expect(cause.confidence, story).toBeGreaterThanOrEqual(0.3);
      expect(cause.confidence, story).toBeLessThanOrEqual(1);
      expect({ ...verdict, ...scenario.answer }, story).toEqual(verdict);
    },
  );
});
