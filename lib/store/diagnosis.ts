import type { Cause } from "#lib/model/verdict.ts";

import type { Database } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { bumpPublicVersion } from "./public-version.ts";

/** An episode whose cause is to be told, and what was told last. */
export interface EpisodeToDiagnose {
  readonly id: string;
  readonly cause: unknown;
  readonly diagnosedAt: Date | null;
}

/** Which episodes: those of some checks, or those that are due to be thought over again. */
export type WhichEpisodes = { readonly checkNumbers: readonly number[] } | "due";

/** An episode that has ended is thought over once more, and for so long it may still be. Milliseconds. */
const AFTER_END = 10 * 60_000;
const MOST = 200;

/**
 * Episodes to think over at `now`, those that were never thought over first. An open one is due
 * again after a tenth of its age, 10 s at the least and 5 minutes at the most: evidence comes in
 * quickly at first. One that has ended is due once more.
 */
export function findEpisodesToDiagnose(
  db: Database,
  which: WhichEpisodes,
  now: Date,
): Promise<EpisodeToDiagnose[]> {
  const of =
    which === "due"
      ? Prisma.sql`(e.diagnosed_at IS NULL OR (e.ended_at IS NOT NULL AND e.diagnosed_at < e.ended_at)
          OR (e.ended_at IS NULL AND e.diagnosed_at <= ${now}::timestamptz
              - least(interval '5 minutes', greatest(interval '10 seconds', (${now}::timestamptz - e.started_at) / 10))))`
      : Prisma.sql`e.check_id IN (SELECT id FROM checks WHERE number = ANY(${[...which.checkNumbers]}::int[]))`;
  return db.$queryRaw<EpisodeToDiagnose[]>`
    SELECT e.id::text, e.cause, e.diagnosed_at AS "diagnosedAt"
    FROM error_episodes e
    WHERE (e.ended_at IS NULL OR e.ended_at >= ${new Date(now.getTime() - AFTER_END)}::timestamptz) AND ${of}
    ORDER BY e.diagnosed_at NULLS FIRST, e.started_at DESC LIMIT ${MOST}::int`;
}

/**
 * Writes down what an episode's cause is now said to be, unless another worker has thought it
 * over meanwhile.
 * @param changed strangers see a difference: the public version is raised
 * @returns false when another was faster
 */
export async function saveCause(
  db: Database,
  episode: EpisodeToDiagnose,
  told: { readonly cause: Cause; readonly changed: boolean; readonly at: Date },
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.errorEpisode.updateMany({
      where: { id: episode.id, diagnosedAt: episode.diagnosedAt },
      data: {
        diagnosedAt: told.at,
        // a Cause is plain JSON
        ...(told.changed ? { cause: told.cause as unknown as Prisma.InputJsonValue } : {}),
      },
    });
    if (count > 0 && told.changed) await bumpPublicVersion(tx);
    return count > 0;
  });
}
