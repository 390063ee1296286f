import type { Database } from "./client.ts";

export interface RegionRow {
  readonly id: number;
  readonly name: string;
}

/** The region of that name; it is made when there is none, also by several workers at once. */
export async function ensureRegion(db: Database, name: string): Promise<RegionRow> {
  const select = { id: true, name: true } as const;
  const existing = await db.region.findUnique({ where: { name }, select });
  if (existing !== null) return existing;
  // not Prisma's upsert, which looks first and fails when another worker is faster
  await db.$executeRaw`INSERT INTO regions (name) VALUES (${name}) ON CONFLICT (name) DO NOTHING`;
  return db.region.findUniqueOrThrow({ where: { name }, select });
}

/** All regions that a worker has ever looked from, by name. */
export function listRegions(db: Database): Promise<RegionRow[]> {
  return db.region.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" } });
}
