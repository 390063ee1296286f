import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";
import { classify } from "#lib/classify/classify.ts";
import type { Decision } from "#lib/detect/decide.ts";
import { createStandings } from "#lib/detect/standings.ts";
import { createDiagnosing } from "#lib/diagnose/diagnose-soon.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import { evidenceOf } from "#lib/model/evidence.ts";
import type { Observation } from "#lib/model/observation.ts";
import { leavesEvidence } from "#lib/model/outcome.ts";
import type { Expectations, Verdict } from "#lib/model/verdict.ts";
import { PROBE_CODES } from "#lib/probe/failure.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import type { LookOrder, Pipeline } from "#lib/schedule/pipeline.ts";
import type { WatchedCheck } from "#lib/store/checks.ts";
import type { Database } from "#lib/store/client.ts";
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
  const { probe, judge, store, detect, write, diagnose, ...rest } = openStages(options);
  return {
    ...rest,
    look: async (order) => {
      const observation = await probe(order);
      if (order.signal.aborted) return null;
      const verdict = judge(order, observation);
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
  const causes = createDiagnosing(database, log);

  return {
    probe: async ({ check, signal }: LookOrder): Promise<Observation> => {
      try {
        return await runProbe({ ...check, target: resolveTarget(check.target) }, signal);
      } catch (error) {
        return notProbed(messageOf(error));
      }
    },

    judge: ({ check }: LookOrder, observation: Observation): Verdict => {
      const probed = observation.error?.code !== PROBE_CODES.targetInvalid;
      return judge(probed ? { ...check, target: resolveTarget(check.target) } : check, observation);
    },

    store: ({ check, at }: LookOrder, observation: Observation, verdict: Verdict): Promise<void> =>
      results.add({
        checkNumber: check.number,
        regionId: region.id,
        slotAt: at,
        outcome: verdict.outcome,
        httpStatus: observation.http?.status ?? null,
        timings: observation.timings,
        evidence: leavesEvidence(verdict.outcome) ? evidenceOf(observation, verdict) : null,
      }),

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
    },

    suspects: (checkNumber: number, since: number): boolean => standings.suspects(checkNumber, since),

    drain: async (withinMs: number): Promise<void> => {
      const start = performance.now();
      await results.drain(withinMs);
      await transitions.drain(Math.max(0, withinMs - (performance.now() - start)));
      await causes.drain(Math.max(0, withinMs - (performance.now() - start)));
    },
  };
}

/**
 * Probes and classifies without storing anything: "test now".
 * @param check with a target whose variables are resolved
 */
export async function testCheck(
  check: Pick<CheckSpec, "kind" | "target" | "timeoutMs" | "slowMs">,
  signal?: AbortSignal,
): Promise<{ observation: Observation; verdict: Verdict }> {
  const observation = await runProbe(check, signal);
  return { observation, verdict: judge(check, observation) };
}

function judge(check: Pick<CheckSpec, "kind" | "target" | "slowMs">, observation: Observation): Verdict {
  return classify(observation, expectations(check, observation));
}

function expectations(
  check: Pick<CheckSpec, "kind" | "target" | "slowMs">,
  { error }: Observation,
): Expectations {
  // a target that does not fit its kind was not probed, and asks for nothing
  if (error?.code === PROBE_CODES.targetInvalid) return { slowMs: check.slowMs, expectStatus: [] };
  return expectationsOf(check);
}

/** What is confirmed is counted from when it was seen, which for a time-out is long after it was due. */
function endOf({ at }: LookOrder, { startedAt, timings }: Observation): number {
  return Math.max(at, Math.ceil(Date.parse(startedAt) + timings.total));
}

/** The observation of a look that could not even begin. */
function notProbed(message: string): Observation {
  return {
    startedAt: new Date().toISOString(),
    phase: "dns",
    timings: { dns: null, connect: null, tls: null, firstByte: null, total: 0 },
    error: { code: PROBE_CODES.targetInvalid, message },
    http: null,
    remote: null,
    certificate: null,
  };
}
