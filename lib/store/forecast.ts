import type { PastEpisode } from "#lib/model/forecast.ts";
import { outcomeCode, type Outcome } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";

/** An open episode that is asked about. */
export interface AskedEpisode {
  readonly id: string;
  readonly componentId: string;
  readonly outcome: Outcome;
}

/** The other episodes with its outcome, as they are known at a moment, latest first. */
export interface EpisodeHistory {
  readonly component: readonly PastEpisode[];
  /** Of all live components. */
  readonly page: readonly PastEpisode[];
}

interface Row {
  readonly id: string;
  readonly scope: "component" | "page";
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/**
 * What each open episode's forecast can rest on, by the episode's id. One query for all of them;
 * none when nothing is open.
 * @param limit how many of the latest, of the component and of the page each
 * @param now epoch milliseconds; what has not ended has lasted until then
 */
export async function readEpisodeHistory(
  db: Database,
  asked: readonly AskedEpisode[],
  limit: number,
  now: number,
): Promise<ReadonlyMap<string, EpisodeHistory>> {
  if (asked.length === 0) return new Map();
  const rows = await db.$queryRaw<Row[]>`
    SELECT a.id::text, h.scope, h.started_at AS "startedAt", h.ended_at AS "endedAt"
    FROM unnest(${asked.map(({ id }) => id)}::uuid[], ${asked.map(({ componentId }) => componentId)}::uuid[],
                ${asked.map(({ outcome }) => outcomeCode(outcome))}::smallint[]) AS a(id, component_id, outcome)
    CROSS JOIN LATERAL (
      (SELECT 'component' AS scope, e.started_at, e.ended_at FROM error_episodes e
       WHERE e.component_id = a.component_id AND e.outcome = a.outcome AND e.id <> a.id
       ORDER BY e.started_at DESC LIMIT ${limit}::int)
      UNION ALL
      (SELECT 'page', e.started_at, e.ended_at FROM error_episodes e
       JOIN components c ON c.id = e.component_id AND c.archived_at IS NULL
       WHERE e.outcome = a.outcome AND e.id <> a.id
       ORDER BY e.started_at DESC LIMIT ${limit}::int)
    ) AS h`;
  const past = (id: string, scope: Row["scope"]): PastEpisode[] =>
    rows.filter((row) => row.id === id && row.scope === scope).map((row) => toPast(row, now));
  return new Map(asked.map(({ id }) => [id, { component: past(id, "component"), page: past(id, "page") }]));
}

function toPast({ startedAt, endedAt }: Row, now: number): PastEpisode {
  return {
    lastedMs: Math.max(0, (endedAt?.getTime() ?? now) - startedAt.getTime()),
    ended: endedAt !== null,
  };
}
