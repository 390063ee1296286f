import type { Database } from "./client.ts";

/** What tells whether somebody looks, read in one statement. */
export interface HealthFacts {
  /** Due time of the newest look at any check; null: none yet. */
  readonly lastResultAt: Date | null;
  /** The newest sign of life of any worker; null: none is known. */
  readonly workerSeenAt: Date | null;
  /** When the longest-running of the workers seen in the last minute began; null: there is none. */
  readonly workerSince: Date | null;
  /** The shortest interval of a check that is to be looked at, in milliseconds; null: there is none. */
  readonly shortestIntervalMs: number | null;
  /** Since when there has been a check with that interval. */
  readonly checkSince: Date | null;
}

/** Reads them. Rejects when the database does not answer. */
export async function readHealthFacts(db: Pick<Database, "$queryRaw">): Promise<HealthFacts> {
  const rows = await db.$queryRaw<HealthFacts[]>`
    SELECT
      (SELECT max(last_slot_at) FROM check_states) AS "lastResultAt",
      (SELECT max(last_seen_at) FROM worker_sightings) AS "workerSeenAt",
      (SELECT min(started_at) FROM worker_sightings WHERE last_seen_at > now() - interval '1 minute')
        AS "workerSince",
      shortest.interval_ms AS "shortestIntervalMs",
      shortest.updated_at AS "checkSince"
    FROM (SELECT 1) AS always
    LEFT JOIN LATERAL (
      SELECT checks.interval_ms, checks.updated_at
      FROM checks JOIN components ON components.id = checks.component_id
      WHERE checks.enabled AND checks.archived_at IS NULL AND components.archived_at IS NULL
      ORDER BY checks.interval_ms, checks.updated_at
      LIMIT 1
    ) AS shortest ON true`;
  const facts = rows[0];
  if (facts === undefined) throw new Error("a statement without FROM answers with one row");
  return facts;
}
