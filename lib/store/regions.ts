import type { Database } from "./client.ts";

export interface RegionRow {
  readonly id: number;
  readonly name: string;
}

/** The region of that name; it is made when there is none. */
export async function ensureRegion(db: Database, name: string): Promise<RegionRow> {
  // not an upsert: it would spend a number of the small sequence at every start
  const existing = await db.region.findUnique({ where: { name }, select: { id: true, name: true } });
  return (
    existing ??
    db.region.upsert({ where: { name }, create: { name }, update: {}, select: { id: true, name: true } })
  );
}
