import type { Belief, WatchedCheck } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";
import { outcomeOf, type Health } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";
import type { RegionRow } from "./regions.ts";

export type { WatchedCheck } from "#lib/model/belief.ts";

interface Row extends Omit<CheckSpec, "confirmMs"> {
  readonly confirmMs: number[];
  readonly health: Health | null;
  readonly outcome: number | null;
  readonly since: Date | null;
  readonly lastSlotAt: Date | null;
}

/** What is believed of a check before anybody has looked. */
export const NOTHING_KNOWN: Belief = { health: "unknown", outcome: "unknown", since: 0, lastSlotAt: null };

/** Every live check that the region is to look at, by number. */
export async function readWatchedChecks(db: Database, region: RegionRow): Promise<WatchedCheck[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT c.id::text, c.number, c.component_id::text AS "componentId", c.name, c.kind, c.target,
           c.interval_ms AS "intervalMs", c.timeout_ms AS "timeoutMs", c.slow_ms AS "slowMs",
           c.confirm_ms AS "confirmMs", s.health::text, s.outcome::int, s.since, s.last_slot_at AS "lastSlotAt"
    FROM checks c
    JOIN components o ON o.id = c.component_id AND o.archived_at IS NULL
    LEFT JOIN check_states s ON s.check_number = c.number AND s.region_id = ${region.id}
    WHERE c.enabled AND c.archived_at IS NULL AND (c.regions = '{}' OR ${region.name} = ANY(c.regions))
    ORDER BY c.number`;
  return rows.map(({ health, outcome, since, lastSlotAt, ...spec }) => ({
    spec,
    belief:
      health === null || outcome === null || since === null
        ? NOTHING_KNOWN
        : {
            health,
            outcome: outcomeOf(outcome),
            since: since.getTime(),
            lastSlotAt: lastSlotAt?.getTime() ?? null,
          },
  }));
}
