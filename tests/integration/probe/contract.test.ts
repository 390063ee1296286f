import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { describe, expect, test } from "vitest";
import { z } from "zod";

import { TARGET_SCHEMAS } from "#lib/catalog/kinds.ts";
import { COMMON_CHECK_FIELDS } from "#lib/catalog/yaml-schema.ts";
import { classify } from "#lib/classify/classify.ts";
import { innerSchema, schemaOf, shapeOf } from "#lib/config/schema-walk.ts";
import { evidenceOf } from "#lib/model/evidence.ts";
import { PHASES, type Observation } from "#lib/model/observation.ts";
import { expectationsOf, parseTarget, PROBE_KINDS, runProbe } from "#lib/probe/registry.ts";
import { closedPort, testAuthority } from "#tests/support/fake-upstream.ts";

import { CASES, type Case, type KindCases } from "./contract-cases.ts";

// before the first handshake: the probe reads the authorities once
setDefaultCACertificates([...getCACertificates("default"), testAuthority()]);

const TIMEOUT_MS = 400;
/** How much later than its time a probe may end on a busy machine. */
const GRACE_MS = 1_500;
const SECRET = "wPz8-contract-secret-value";

/** What keeps this process busy: sockets, datagram sockets, timers, programs, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The least of a few counts: the test library's own timers come and go. */
async function quietResources(): Promise<Record<string, number>> {
  const counts: Record<string, number>[] = [];
  for (let tries = 0; tries < 4; tries++) {
    await sleep(5);
    counts.push(resources());
  }
  const names = Object.keys(counts[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, Math.min(...counts.map((each) => each[name] ?? 0))]));
}

/** Those of which there are more than before. */
function leaked(before: Readonly<Record<string, number>>): Record<string, number> {
  const more = Object.entries(resources()).filter(([name, count]) => count > (before[name] ?? 0));
  return Object.fromEntries(more);
}

/** What a field is for, as it or what it wraps says. */
function descriptionOf(field: z.core.$ZodType): string | undefined {
  const said = z.globalRegistry.get(field) ?? z.globalRegistry.get(innerSchema(field));
  return said?.description;
}

/** What is still there after a while: closing takes a few turns of the loop, and a program's end longer. */
async function settled(before: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  // no polling of the test library's: its own timers would count
  for (let tries = 0; tries < 150 && Object.keys(leaked(before)).length > 0; tries++) await sleep(20);
  return leaked(before);
}

interface Seen {
  readonly observation: Observation;
  readonly outcome: string;
  readonly summary: string;
  /** Everything that could be stored or shown of it. */
  readonly text: string;
}

/** Looks once, asserts what holds for every look of every kind, and leaves nothing behind. */
async function look(
  kind: string,
  one: Case,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Seen> {
  const { timeoutMs = TIMEOUT_MS, signal } = options;
  const check = { kind, target: one.target, timeoutMs, slowMs: null };
  const before = await quietResources();
  const begun = Date.now();
  const observation = await runProbe(check, signal, one.extras);
  const took = Date.now() - begun;
  expect(await settled(before)).toEqual({});

  const verdict = classify(observation, expectationsOf(check));
  expect(took).toBeLessThan(timeoutMs + GRACE_MS);
  expect(PHASES).toContain(observation.phase);
  expect(observation.phase === "done").toBe(observation.error === null);
  expect(Date.parse(observation.startedAt)).toBeGreaterThanOrEqual(begun - 5);
  const { total, ...phases } = observation.timings;
  expect(total).toBeLessThanOrEqual(took + 5);
  for (const ms of Object.values(phases)) {
    if (ms === null) continue;
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(total + 1);
  }
  expect(verdict.summary).toMatch(/^[A-Z\d].{10,400}[.]$/s);
  // plain JSON: what is stored is what was seen
  const evidence = evidenceOf(observation, verdict);
  expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  return {
    observation,
    outcome: verdict.outcome,
    summary: verdict.summary,
    text: JSON.stringify([observation, evidence]),
  };
}

async function withCase(made: Promise<Case> | Case, use: (one: Case) => Promise<void>): Promise<void> {
  const one = await made;
  try {
    await use(one);
  } finally {
    await one.close?.();
  }
}

test("every kind has its cases here", () => {
  expect(Object.keys(CASES).toSorted()).toEqual([...PROBE_KINDS].toSorted());
});

function casesOf(kind: string): KindCases {
  const cases = CASES[kind];
  if (cases === undefined) throw new Error(`add ${kind} to contract-cases.ts`);
  return cases;
}

describe.each([...PROBE_KINDS])("kind %s", (kind) => {
  test("sees a good target", async () => {
    await withCase(casesOf(kind).good(), async (one) => {
      const seen = await look(kind, one, { timeoutMs: 5_000 });
      expect([seen.outcome, seen.observation.error]).toEqual([one.outcome, null]);
    });
  });

  test("a good target's schema takes what it gives, says what each field is, and keeps off the common keys", async () => {
    await withCase(casesOf(kind).good(), async ({ target }) => {
      const parsed = parseTarget(kind, target);
      const stored: unknown = JSON.parse(JSON.stringify(parsed));
      expect(stored).toEqual(parsed);
      expect(parseTarget(kind, stored)).toEqual(parsed);
    });
    const schema = TARGET_SCHEMAS[kind];
    for (const [field, inner] of Object.entries(shapeOf(schema) ?? {})) {
      expect([field, descriptionOf(inner)]).toEqual([field, expect.stringMatching(/^.{8,}[.]$/s)]);
      // in the file they stand beside each other
      expect(COMMON_CHECK_FIELDS).not.toContain(field);
      expect(schemaOf(schema, field)).toBe(inner);
    }
  });

  const { hang, refused, echo } = casesOf(kind);

  test.skipIf(hang === null)("ends by itself when nothing comes back", async () => {
    if (hang === null) return;
    await withCase(hang(), async (one) => {
      const seen = await look(kind, one);
      expect(seen.outcome).toBe(one.outcome);
      expect(seen.observation.timings.total).toBeGreaterThanOrEqual(TIMEOUT_MS * 0.9);
    });
  });

  test("ends at once when its caller wants no more of it, also before it begins", async () => {
    await withCase(casesOf(kind).endless(), async (one) => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), 80);
      const seen = await look(kind, one, { timeoutMs: 10_000, signal: controller.signal });
      clearTimeout(timer);
      expect([seen.outcome, seen.observation.error?.code]).toEqual(["unknown", "ABORTED"]);
      const before = await look(kind, one, { signal: controller.signal });
      expect(before.observation.error?.code).toBe("ABORTED");
    });
  });

  test.skipIf(refused === null)("says so when nothing listens", async () => {
    if (refused === null) return;
    const one = refused(await closedPort());
    expect((await look(kind, one)).outcome).toBe(one.outcome);
  });

  test.skipIf(echo === null)("gives away nothing secret that comes back", async () => {
    if (echo === null) return;
    await withCase(echo(SECRET), async (one) => {
      const seen = await look(kind, one, { timeoutMs: 5_000 });
      expect(seen.outcome).toBe(one.outcome);
      expect(seen.text).not.toContain(SECRET);
      expect(seen.text).toContain("[redacted]");
    });
  });

  test("a target that does not fit is an observation", async () => {
    const { misfit } = casesOf(kind);
    expect(() => parseTarget(kind, misfit)).toThrow();
    const observation = await runProbe({ kind, target: misfit, timeoutMs: TIMEOUT_MS });
    expect(observation.error?.code).toBe("TARGET_INVALID");
    expect(classify(observation, { slowMs: null, expectStatus: [] }).outcome).toBe("unknown");
  });
});
