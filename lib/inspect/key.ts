import type { LookKey } from "#lib/store/check-log.ts";

const SHAPE = /^(\d{1,15})-(\d{1,10})-(\d{1,5})$/;
const INT_MAX = 2_147_483_647;

/** A look's name in addresses: `1763999999000-12-1`, which is its time, its check and its region. */
export function lookName({ slotAt, checkNumber, regionId }: LookKey): string {
  return `${slotAt.getTime()}-${checkNumber}-${regionId}`;
}

/** The key behind a name; null for anything that `lookName` does not make. */
export function lookKey(name: string): LookKey | null {
  const [, at, check, region] = SHAPE.exec(name) ?? [];
  if (at === undefined || Number(check) > INT_MAX) return null;
  return { slotAt: new Date(Number(at)), checkNumber: Number(check), regionId: Number(region) };
}
