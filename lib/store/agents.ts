import type { Health } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";
import type { RegionRow } from "./regions.ts";

/** Those of the checks that the region looks at, switched off ones included: what was seen before counts. */
export function readChecksOfRegion(
  db: Database,
  region: RegionRow,
  numbers: readonly number[],
): Promise<{ number: number; kind: string }[]> {
  return db.check.findMany({
    where: {
      number: { in: [...numbers] },
      archivedAt: null,
      OR: [{ regions: { isEmpty: true } }, { regions: { has: region.name } }],
    },
    select: { number: true, kind: true },
  });
}

/** What the region believes of these checks and since when, by number. */
export async function readBeliefs(
  db: Database,
  region: RegionRow,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, { readonly health: Health; readonly since: number }>> {
  const rows = await db.checkState.findMany({
    where: { regionId: region.id, checkNumber: { in: [...numbers] } },
    select: { checkNumber: true, since: true, health: true },
  });
  return new Map(
    rows.map(({ checkNumber, health, since }) => [checkNumber, { health, since: since.getTime() }]),
  );
}

/** Workers and agents of the region that have shown a sign of life since. */
export function countPresent(db: Database, region: RegionRow, since: Date): Promise<number> {
  return db.workerSighting.count({ where: { regionId: region.id, lastSeenAt: { gte: since } } });
}
