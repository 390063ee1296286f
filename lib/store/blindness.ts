import { FAILURE_CODES } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";
import { leaveEvent } from "./outbox.ts";
import { bumpPublicVersion } from "./public-version.ts";

/**
 * Notes that a region sees nothing because its own network is gone, and leaves word for the team.
 * A region that is noted as blind already stays so since then.
 */
export async function markBlind(db: Database, regionId: number, since: Date, reason: string): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.region.updateMany({
      where: { id: regionId, blindSince: null },
      data: { blindSince: since, blindReason: reason },
    });
    if (count === 0) return;
    await leaveEvent(tx, "region.blind", { regionId, since: since.toISOString() });
    await bumpPublicVersion(tx);
  });
}

/** Notes that the region sees again. */
export async function markSeeing(db: Database, regionId: number): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.region.updateMany({
      where: { id: regionId, blindSince: { not: null } },
      data: { blindSince: null, blindReason: null },
    });
    if (count === 0) return;
    await leaveEvent(tx, "region.sees", { regionId });
    await bumpPublicVersion(tx);
  });
}

/** Since when the region is noted as blind; null: it sees. */
export async function readBlindSince(db: Database, regionId: number): Promise<Date | null> {
  const row = await db.region.findUnique({ where: { id: regionId }, select: { blindSince: true } });
  return row?.blindSince ?? null;
}

/** Regions that are noted as blind, by name. */
export async function readBlindRegions(
  db: Database,
): Promise<{ region: string; since: string; reason: string }[]> {
  const rows = await db.region.findMany({ where: { blindSince: { not: null } }, orderBy: { name: "asc" } });
  return rows.flatMap(({ name, blindSince, blindReason }) =>
    blindSince === null ? [] : [{ region: name, since: blindSince.toISOString(), reason: blindReason ?? "" }],
  );
}

/** The addresses that tell a region without network from targets that are down; empty: none were chosen. */
export async function readCanaries(db: Database): Promise<readonly string[]> {
  const row = await db.pageSettings.findUnique({ where: { id: 1 }, select: { canaries: true } });
  return row?.canaries ?? [];
}

export interface OthersLooks {
  /** True when any other region has looked at anything since `alive`. */
  readonly present: boolean;
  /** Its last look at each of the failing checks, where that was due at `since` or later. */
  readonly looks: readonly { readonly failing: boolean }[];
}

/** What the other regions have seen of these checks since they began to fail here. */
export async function readOthersLooks(
  db: Database,
  regionId: number,
  checks: readonly number[],
  since: Date,
  alive: Date,
): Promise<OthersLooks> {
  const [present] = await db.$queryRaw<{ present: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM check_states s JOIN regions r ON r.id = s.region_id
      WHERE s.region_id <> ${regionId}::int AND r.blind_since IS NULL AND s.last_slot_at >= ${alive}::timestamptz
    ) AS present`;
  if (present?.present !== true) return { present: false, looks: [] };
  const looks = await db.$queryRaw<{ failing: boolean }[]>`
    SELECT s.last_outcome = ANY(${[...FAILURE_CODES]}::int[]) AS failing
    FROM check_states s JOIN regions r ON r.id = s.region_id
    WHERE s.check_number = ANY(${[...checks]}::int[]) AND s.region_id <> ${regionId}::int
      AND r.blind_since IS NULL AND s.last_slot_at >= ${since}::timestamptz`;
  return { present: true, looks };
}
