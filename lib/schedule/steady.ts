import type { WatchedCheck } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";

/**
 * Hands out the same object for a check for as long as nothing about it changes: what parses or
 * resolves a target remembers the result by the object, and a worker reads its checks anew for
 * every slot.
 */
export function createSteadySpecs(): (watched: readonly WatchedCheck[]) => CheckSpec[] {
  let known = new Map<number, { readonly text: string; readonly spec: CheckSpec }>();
  let last: { readonly watched: readonly WatchedCheck[]; readonly specs: CheckSpec[] } | null = null;
  return (watched) => {
    // slots that begin together were read together
    if (last?.watched === watched) return last.specs;
    const next: typeof known = new Map();
    for (const { spec } of watched) {
      const text = JSON.stringify(spec);
      const before = known.get(spec.number);
      next.set(spec.number, before?.text === text ? before : { text, spec });
    }
    known = next;
    last = { watched, specs: [...next.values()].map(({ spec }) => spec) };
    return last.specs;
  };
}
