import type { PastEpisode } from "#lib/model/forecast.ts";

/** An episode in time; epoch milliseconds. */
export interface Stretch {
  readonly componentId: string;
  readonly startedAt: number;
  /** Null: it still goes on. */
  readonly endedAt: number | null;
}

/**
 * Episodes as cases to learn from: those of one component that overlap are one case, because
 * several checks saw the same outage; and what overlaps the episode in question is a part of it.
 * @param now epoch milliseconds; what has not ended has lasted until then
 * @returns latest first
 */
export function casesOf(episodes: readonly Stretch[], asked: Stretch, now: number): PastEpisode[] {
  const merged: Stretch[] = [];
  for (const episode of episodes.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const at = merged.findLastIndex(({ componentId }) => componentId === episode.componentId);
    const last = merged[at];
    if (last !== undefined && touches(last, episode)) merged[at] = join(last, episode);
    else merged.push(episode);
  }
  return merged
    .filter((each) => each.componentId !== asked.componentId || !touches(each, asked))
    .toReversed()
    .map(({ startedAt, endedAt }) => ({
      lastedMs: Math.max(0, (endedAt ?? now) - startedAt),
      ended: endedAt !== null,
    }));
}

/** Whether two stretches share time; one that ends where the other begins does not. */
function touches(a: Stretch, b: Stretch): boolean {
  return a.startedAt < (b.endedAt ?? Infinity) && b.startedAt < (a.endedAt ?? Infinity);
}

function join(a: Stretch, b: Stretch): Stretch {
  const endedAt = a.endedAt === null || b.endedAt === null ? null : Math.max(a.endedAt, b.endedAt);
  return { ...a, endedAt };
}
