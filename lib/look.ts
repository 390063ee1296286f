import { messageOf } from "#lib/base/errors.ts";
import { classify } from "#lib/classify/classify.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import { evidenceOf, type Evidence } from "#lib/model/evidence.ts";
import type { Observation, Timings } from "#lib/model/observation.ts";
import { leavesEvidence, type Outcome } from "#lib/model/outcome.ts";
import type { Expectations, Verdict } from "#lib/model/verdict.ts";
import { PROBE_CODES } from "#lib/probe/failure.ts";
import type { ProbeExtras } from "#lib/probe/options.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";
import type { LookOrder } from "#lib/schedule/pipeline.ts";

/** The stages of a look that need no database: a worker's and an agent's are the same. */
export interface Looking {
  readonly probe: (order: LookOrder) => Promise<Observation>;
  readonly judge: (order: LookOrder, observation: Observation) => Verdict;
}

/**
 * @param resolveTarget puts variables of the environment into a target; throws a sentence when one is missing
 * @param extras what a probe may need from outside: connections kept from look to look, a job's last call
 */
export function openLooking(
  resolveTarget: (target: unknown) => unknown,
  extras: (check: CheckSpec) => ProbeExtras,
): Looking {
  return {
    probe: async ({ check, signal }) => {
      try {
        return await runProbe({ ...check, target: resolveTarget(check.target) }, signal, extras(check));
      } catch (error) {
        return notProbed(messageOf(error));
      }
    },
    judge: ({ check }, observation) => {
      const probed = observation.error?.code !== PROBE_CODES.targetInvalid;
      return judge(probed ? { ...check, target: resolveTarget(check.target) } : check, observation);
    },
  };
}

/** What an observation of this check means. */
export function judge(
  check: Pick<CheckSpec, "kind" | "target" | "slowMs">,
  observation: Observation,
): Verdict {
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

/** A look as it is stored, whoever stores it. */
export interface LookRecord {
  readonly checkNumber: number;
  readonly slotAt: number;
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  readonly timings: Timings;
  readonly evidence: Evidence | null;
}

export function recordOf({ check, at }: LookOrder, observation: Observation, verdict: Verdict): LookRecord {
  return {
    checkNumber: check.number,
    slotAt: at,
    outcome: verdict.outcome,
    httpStatus: observation.http?.status ?? null,
    timings: observation.timings,
    evidence: isTelling(observation, verdict) ? evidenceOf(observation, verdict) : null,
  };
}

/** Failures and warnings; and a pool that runs on fewer members, which is no failure of the pool. */
function isTelling({ pool }: Observation, { outcome }: Verdict): boolean {
  return leavesEvidence(outcome) || (pool !== undefined && outcome === "slow");
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
