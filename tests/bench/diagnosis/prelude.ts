import type { Answer } from "#tests/support/fake-upstream.ts";
import type { Stage } from "#tests/support/scenarios/stage.ts";

import type { Dice } from "./dice.ts";

/** How much is known before it begins: plenty, a little, nothing. */
export type Past = "full" | "quiet" | "none";

/** Good looks before the trouble, in the rhythm of the check. */
export async function livedWell(stage: Stage, dice: Dice, past: Past, everyMs: number): Promise<void> {
  const looks = past === "full" ? dice.int(10, 16) : past === "quiet" ? dice.int(2, 4) : 0;
  if (looks > 0) await stage.look(looks, { atOnce: 4, everyMs });
}

/** A check's rhythm, milliseconds. */
export function rhythm(dice: Dice): number {
  return dice.pick(5_000, 10_000, 30_000, 60_000);
}

/** A good answer that takes a while, as real ones do. */
export function goodAnswer(dice: Dice): Answer {
  return { status: 200, body: "all is well\n", delayMs: dice.int(0, 40) };
}
