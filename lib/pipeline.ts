import type { Log } from "#lib/base/log.ts";
import type { Decision } from "#lib/detect/decide.ts";
import { createStandings } from "#lib/detect/standings.ts";
import { createDiagnosing } from "#lib/diagnose/diagnose-soon.ts";
import { judge, openLooking, recordOf } from "#lib/look.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import { createKeptConnections } from "#lib/probe/kept-connections.ts";
import type { ProbeExtras } from "#lib/probe/options.ts";
import { runProbe } from "#lib/probe/registry.ts";
import type { LookAgain, LookOrder, Pipeline } from "#lib/schedule/pipeline.ts";
import { openWorkerSight } from "#lib/sight/worker-sight.ts";
import { readWatchedChecks, type WatchedCheck } from "#lib/store/checks.ts";
import type { Database } from "#lib/store/client.ts";
import { readPushStanding } from "#lib/store/push-signals.ts";
import type { RegionRow } from "#lib/store/regions.ts";
import { createResultWriter, createTransitionWriter } from "#lib/store/writers.ts";

export interface PipelineOptions {
  readonly database: Database;
  readonly region: RegionRow;
  readonly log: Log;
  /** Puts variables of the environment into a check's target; throws a sentence when one is missing. */
  readonly resolveTarget?: (target: unknown) => unknown;
}

/** The one way through the house: what a look goes through, and in which order. */
export function openPipeline(options: PipelineOptions): Pipeline {
  const { probe, judge, doubt, store, detect, write, diagnose, ...rest } = openStages(options);
  return {
    ...rest,
    look: async (order) => {
      const observation = await probe(order);
      if (order.signal.aborted) return null;
      const verdict = await doubt(order, judge(order, observation));
      await store(order, observation, verdict);
      const decision = detect(order, verdict);
      await write(order, decision);
      diagnose(order, decision);
      return decision.confirm ? { since: order.at, from: endOf(order, observation) } : null;
    },
  };
}

/** Each stage with what it remembers; none knows another. */
function openStages({ database, region, log, resolveTarget = (target) => target }: PipelineOptions) {
  const results = createResultWriter(database, log);
  const transitions = createTransitionWriter(database, log);
  const standings = createStandings();
  const kept = createKeptConnections();
  const sight = openWorkerSight({ database, region, standings, write: transitions.add, log });
  const causes = createDiagnosing(database, log);

  return {
    ...openLooking(resolveTarget, ({ number }) => ({
      kept,
      lastSignal: () => readPushStanding(database, number),
    })),

    doubt: async ({ check, at }: LookOrder, verdict: Verdict): Promise<Verdict> => {
      const outcome = await sight.weigh({ check, at, outcome: verdict.outcome });
      return outcome === verdict.outcome ? verdict : { ...verdict, outcome };
    },

    store: (order: LookOrder, observation: Observation, verdict: Verdict): Promise<void> =>
      results.add({ regionId: region.id, ...recordOf(order, observation, verdict) }),

    detect: ({ check, at, confirms }: LookOrder, { outcome }: Verdict): Decision => {
      const decision = standings.judge(check, { outcome, at, confirms });
      if (decision.blip)
        log.info("a single blip, not confirmed", { check: check.id, name: check.name, outcome });
      return decision;
    },

    write: async ({ check }: LookOrder, { changes }: Decision): Promise<void> => {
      if (changes.length === 0) return;
      const release = standings.hold(check.number);
      const keys = { checkNumber: check.number, regionId: region.id };
      try {
        await Promise.all(changes.map((change) => transitions.add({ ...keys, ...change })));
      } finally {
        release();
      }
    },

    // beside the look, which has said what it had to say: telling why must not hold up the next one
    diagnose: ({ check }: LookOrder, { changes }: Decision): void => {
      if (changes.length > 0) causes.ask(check.number);
    },

    adopt: (watched: readonly WatchedCheck[]): void => {
      for (const { spec, belief } of watched) standings.adopt(spec.number, belief);
      standings.keepOnly(new Set(watched.map(({ spec }) => spec.number)));
      kept.keepOnly(new Set(watched.map(({ spec }) => spec.id)));
      sight.watch(watched.map(({ spec }) => spec));
    },

    onLookAgain: (again: LookAgain) => sight.onLookAgain(again),

    suspects: (checkNumber: number, since: number): boolean => standings.suspects(checkNumber, since),

    drain: async (withinMs: number): Promise<void> => {
      sight.stop();
      const start = performance.now();
      await results.drain(withinMs);
      await transitions.drain(Math.max(0, withinMs - (performance.now() - start)));
      await causes.drain(Math.max(0, withinMs - (performance.now() - start)));
      kept.close();
    },
  };
}

/**
 * A look at one check out of turn, from regions that look at it anyway. Nothing is confirmed: it is for
 * what a job says of itself, which is true at once or not at all. A region's own looks go on as before.
 * @returns when all that follows from it is committed
 */
export async function lookOutOfTurn(
  database: Database,
  checkNumber: number,
  regions: readonly RegionRow[],
  log: Log,
): Promise<void> {
  const { signal } = new AbortController();
  for (const region of regions) {
    const watched = await readWatchedChecks(database, region);
    const mine = watched.filter(({ spec }) => spec.number === checkNumber);
    const pipeline = openPipeline({ database, region, log });
    pipeline.adopt(mine);
    for (const { spec } of mine) {
      await pipeline.look({ check: { ...spec, confirmMs: [] }, at: Date.now(), confirms: null, signal });
    }
    await pipeline.drain(0);
  }
}

/**
 * Probes and classifies without storing anything: "test now".
 * @param check with a target whose variables are resolved
 */
export async function testCheck(
  check: Pick<CheckSpec, "kind" | "target" | "timeoutMs" | "slowMs">,
  signal?: AbortSignal,
  extras: ProbeExtras = {},
): Promise<{ observation: Observation; verdict: Verdict }> {
  const observation = await runProbe(check, signal, extras);
  return { observation, verdict: judge(check, observation) };
}

/** What is confirmed is counted from when it was seen, which for a time-out is long after it was due. */
function endOf({ at }: LookOrder, { startedAt, timings }: Observation): number {
  return Math.max(at, Math.ceil(Date.parse(startedAt) + timings.total));
}
