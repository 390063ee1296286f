import type { Outside } from "#lib/detect/blindness.ts";
import type { Canary } from "#lib/model/canary.ts";
import { anyAnswers } from "#lib/probe/canary.ts";

const CANARY_WITHIN_MS = 1_500;

export interface OutsideWorld {
  ask(failing: readonly number[], since: number): Promise<Outside>;
  /** True when somebody has named canaries. */
  chosen(): boolean;
}

/** Asks canaries and nothing else; null: there are none. */
export async function askCanaries(canaries: readonly Canary[]): Promise<Outside | null> {
  if (canaries.length === 0) return null;
  return (await anyAnswers(canaries, CANARY_WITHIN_MS)) ? "clear" : "silent";
}
