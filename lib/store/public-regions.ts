import type { Health } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";

/** What one region believes of one check that is looked at. */
export interface RegionState {
  readonly componentId: string;
  readonly checkNumber: number;
  readonly check: string;
  /** The check's rule, as it is stored. */
  readonly quorum: string;
  readonly region: string;
  readonly health: Health;
  readonly outcome: number;
  readonly since: Date;
  readonly lastSlotAt: Date;
}

/** Every region's belief of a component's checks. */
export function readComponentVotes(db: Database, componentId: string): Promise<RegionState[]> {
  return db.$queryRaw<RegionState[]>`
    SELECT c.component_id::text AS "componentId", c.number AS "checkNumber", c.name AS check, c.quorum, r.name AS region,
           s.health::text, s.outcome::int, s.since, s.last_slot_at AS "lastSlotAt"
    FROM checks c
    JOIN check_states s ON s.check_number = c.number
    JOIN regions r ON r.id = s.region_id
    WHERE c.component_id = ${componentId}::uuid AND c.enabled AND c.archived_at IS NULL
      AND (c.regions = '{}' OR r.name = ANY(c.regions))
    ORDER BY r.name, c.number`;
}

/** Every region's belief of each check that some region, but not every one, sees fail. */
export function readSplitVotes(db: Database): Promise<RegionState[]> {
  return db.$queryRaw<RegionState[]>`
    WITH votes AS (
      SELECT c.component_id, c.number, c.name, c.quorum, r.name AS region, s.health, s.outcome, s.since, s.last_slot_at,
             bool_or(s.health IN ('down', 'partial')) OVER own AS failing,
             bool_or(s.health IN ('up', 'slow')) OVER own AS working
      FROM checks c
      JOIN components o ON o.id = c.component_id AND o.archived_at IS NULL
      JOIN check_states s ON s.check_number = c.number
      JOIN regions r ON r.id = s.region_id
      WHERE c.enabled AND c.archived_at IS NULL AND (c.regions = '{}' OR r.name = ANY(c.regions))
      WINDOW own AS (PARTITION BY c.number)
    )
    SELECT component_id::text AS "componentId", number AS "checkNumber", name AS check, quorum, region, health::text,
           outcome::int, since, last_slot_at AS "lastSlotAt"
    FROM votes WHERE failing AND working ORDER BY number, region`;
}

/** How much a region sees. */
export interface RegionSight {
  readonly region: string;
  /** Since when its own network has been gone; null: it is not. */
  readonly blindSince: Date | null;
  /** True when it knows nothing of any check that it looks at. */
  readonly silent: boolean;
  /** When the last of what it knew ended, when it is silent. */
  readonly since: Date;
  /** True when a check names it: it is wished for, however long it has been away. */
  readonly named: boolean;
}

/** One row for each region that has ever looked at a check that is still looked at. */
export function readRegionSights(db: Database): Promise<RegionSight[]> {
  return db.$queryRaw<RegionSight[]>`
    SELECT r.name AS region, r.blind_since AS "blindSince", bool_and(s.health = 'unknown') AS silent,
           max(s.since) AS since, bool_or(c.regions <> '{}') AS named
    FROM regions r
    JOIN check_states s ON s.region_id = r.id
    JOIN checks c ON c.number = s.check_number AND c.enabled AND c.archived_at IS NULL
    JOIN components o ON o.id = c.component_id AND o.archived_at IS NULL
    WHERE c.regions = '{}' OR r.name = ANY(c.regions)
    GROUP BY r.id ORDER BY r.name`;
}
