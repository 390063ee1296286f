/** Below this chance a run of good answers at the front door is no accident. */
const ACCIDENT = 0.05;
/** More samples than this are never taken. */
export const MAX_FRONT_SAMPLES = 50;

/**
 * The chance that `samples` requests, spread at random, all miss the failing members although the
 * gateway still uses them: (1 - failing/members)^samples. Round robin spreads better than that.
 */
export function chanceOfMissing(failing: number, members: number, samples: number): number {
  return (1 - failing / members) ** samples;
}

/** Whether good answers alone show that the gateway leaves the failing members out. */
export function leavesOut(failing: number, members: number, samples: number): boolean {
  return failing < members && chanceOfMissing(failing, members, samples) < ACCIDENT;
}

/** How many more samples it takes to tell; 0 when it is told already, or too many would be needed. */
export function samplesMissing(failing: number, members: number, samples: number): number {
  if (failing === 0 || failing >= members || leavesOut(failing, members, samples)) return 0;
  const needed = Math.floor(Math.log(ACCIDENT) / Math.log(1 - failing / members)) + 1;
  return needed > MAX_FRONT_SAMPLES ? 0 : needed - samples;
}
