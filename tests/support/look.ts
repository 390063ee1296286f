import { classify } from "#lib/classify/classify.ts";
import type { Observation } from "#lib/model/observation.ts";
import type { Verdict } from "#lib/model/verdict.ts";
import type { KeptConnections } from "#lib/probe/kept-connections.ts";
import { expectationsOf, runProbe } from "#lib/probe/registry.ts";

export interface Seen extends Observation {
  readonly verdict: Verdict;
}

export interface LookOptions {
  /** Default 5 s: what is there answers at once, also on a busy machine. */
  readonly timeoutMs?: number;
  readonly slowMs?: number | null;
  readonly id?: string;
  readonly kept?: KeptConnections;
}

/** Probes and classifies, as the pipeline does. */
export async function look(
  kind: string,
  target: Readonly<Record<string, unknown>>,
  { timeoutMs = 5_000, slowMs = null, id = "check", kept }: LookOptions = {},
): Promise<Seen> {
  const check = { id, kind, target, timeoutMs, slowMs };
  const observation = await runProbe(check, undefined, kept === undefined ? {} : { kept });
  return { ...observation, verdict: classify(observation, expectationsOf(check)) };
}

/** Outcome, code and phase: what a fault comes to. */
export function told({ verdict, error, phase }: Seen): [string, string | null, string] {
  return [verdict.outcome, error?.code ?? null, phase];
}
