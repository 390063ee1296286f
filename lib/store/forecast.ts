import { outcomeCode, type Outcome } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";

/** An open episode that is asked about. */
export interface AskedEpisode {
  readonly id: string;
  readonly componentId: string;
  readonly outcome: Outcome;
}

/** When an episode was. */
export interface EpisodeTimes {
  readonly componentId: string;
  readonly startedAt: Date;
  /** Null: it has not ended. */
  readonly endedAt: Date | null;
}

/** The other episodes with an open one's outcome, latest first. */
export interface EpisodeHistory {
  readonly component: readonly EpisodeTimes[];
  /** Of all live components. */
  readonly page: readonly EpisodeTimes[];
}

interface Row extends EpisodeTimes {
  readonly id: string;
  readonly scope: "component" | "page";
}

/**
 * What each open episode's forecast can rest on, by the episode's id. One query for all of them;
 * none when nothing is open.
 * @param limit how many of the latest, of the component and of the page each
 */
export async function readEpisodeHistory(
  db: Database,
  asked: readonly AskedEpisode[],
  limit: number,
): Promise<ReadonlyMap<string, EpisodeHistory>> {
  if (asked.length === 0) return new Map();
  const rows = await db.$queryRaw<Row[]>`
    SELECT a.id::text, h.scope, h.component_id::text AS "componentId", h.started_at AS "startedAt", h.ended_at AS "endedAt"
    FROM unnest(${asked.map(({ id }) => id)}::uuid[], ${asked.map(({ componentId }) => componentId)}::uuid[],
                ${asked.map(({ outcome }) => outcomeCode(outcome))}::smallint[]) AS a(id, component_id, outcome)
    CROSS JOIN LATERAL (
      (SELECT 'component' AS scope, e.component_id, e.started_at, e.ended_at FROM error_episodes e
       WHERE e.component_id = a.component_id AND e.outcome = a.outcome AND e.id <> a.id
       ORDER BY e.started_at DESC LIMIT ${limit}::int)
      UNION ALL
      (SELECT 'page', e.component_id, e.started_at, e.ended_at FROM error_episodes e
       JOIN components c ON c.id = e.component_id AND c.archived_at IS NULL
       WHERE e.outcome = a.outcome AND e.id <> a.id
       ORDER BY e.started_at DESC LIMIT ${limit}::int)
    ) AS h`;
  const grouped = Map.groupBy(rows, ({ id, scope }) => `${scope} ${id}`);
  const of = (id: string, scope: Row["scope"]) => grouped.get(`${scope} ${id}`) ?? [];
  return new Map(asked.map(({ id }) => [id, { component: of(id, "component"), page: of(id, "page") }]));
}
