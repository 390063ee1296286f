import type { PushStanding } from "#lib/model/push.ts";
import type { Health } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";
import type { RegionRow } from "./regions.ts";

/** A check that waits for calls. */
export interface PushCheck {
  readonly id: string;
  readonly number: number;
}

/** The live check of kind `push` with that id; null when there is none. */
export function findPushCheck(db: Database, id: string): Promise<PushCheck | null> {
  return db.check.findFirst({
    where: { id, kind: "push", archivedAt: null, component: { archivedAt: null } },
    select: { id: true, number: true },
  });
}

/** What a job says of itself. */
export interface NewPushSignal {
  readonly ok: boolean;
  readonly message: string | null;
  readonly durationMs: number | null;
}

/** Notes a call, at the database's time; only the last one counts. */
export async function recordPush(db: Database, checkNumber: number, signal: NewPushSignal): Promise<void> {
  const { ok, message, durationMs } = signal;
  // of two at once the later stays, whichever of them came to the row first
  await db.$executeRaw`
    INSERT INTO push_signals AS p (check_number, at, ok, message, duration_ms)
    VALUES (${checkNumber}::int, clock_timestamp(), ${ok}::boolean, ${message}::text, ${durationMs}::int)
    ON CONFLICT (check_number) DO UPDATE SET
      at = excluded.at, ok = excluded.ok, message = excluded.message, duration_ms = excluded.duration_ms
      WHERE excluded.at >= p.at`;
}

interface StandingRow {
  readonly createdMsAgo: number;
  readonly msAgo: number | null;
  readonly ok: boolean | null;
  readonly message: string | null;
  readonly durationMs: number | null;
}

/** How long a check waits, and for what; null when it is gone. One clock, the database's, says both. */
export async function readPushStanding(db: Database, checkNumber: number): Promise<PushStanding | null> {
  const [row] = await db.$queryRaw<StandingRow[]>`
    SELECT (extract(epoch FROM clock_timestamp() - c.created_at) * 1000)::float8 AS "createdMsAgo",
           (extract(epoch FROM clock_timestamp() - p.at) * 1000)::float8 AS "msAgo",
           p.ok, p.message, p.duration_ms AS "durationMs"
    FROM checks c LEFT JOIN push_signals p ON p.check_number = c.number
    WHERE c.number = ${checkNumber}::int`;
  if (row === undefined) return null;
  const { createdMsAgo, msAgo, ok, message, durationMs } = row;
  return {
    createdMsAgo,
    last: msAgo === null || ok === null ? null : { msAgo: Math.max(0, msAgo), ok, message, durationMs },
  };
}

/** What each region that has looked at the check believes of it. */
export async function readHealthByRegion(
  db: Database,
  checkNumber: number,
): Promise<{ readonly region: RegionRow; readonly health: Health }[]> {
  const rows = await db.checkState.findMany({
    where: { checkNumber },
    select: { health: true, region: { select: { id: true, name: true } } },
    orderBy: { regionId: "asc" },
  });
  return rows.map(({ region, health }) => ({ region, health }));
}
