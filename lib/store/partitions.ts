import { DAY, HOUR } from "#lib/base/clock.ts";

import type { Database, Transaction } from "./client.ts";

/** The tables that have one partition a UTC day. */
const PARTITIONED = ["results", "evidence"] as const;

// any number that nothing else locks
const PARTITION_LOCK = 7_203_117;

/** 00:00 UTC of the day that a moment falls in, epoch milliseconds. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

/**
 * Makes the partitions of these days where they are missing. Several processes may do it at once.
 * @param days any moments of the days, epoch milliseconds
 */
export async function ensurePartitions(db: Database, days: readonly number[]): Promise<void> {
  const starts = [...new Set(days.map(dayOf))].toSorted((a, b) => a - b);
  const wanted = PARTITIONED.flatMap((table) =>
    starts.map((start) => ({ table, start, name: nameOf(table, start) })),
  );
  const existing = new Set(await listPartitions(db));
  if (wanted.every(({ name }) => existing.has(name))) return;
  await db.$transaction(async (tx) => {
    await takeLock(tx);
    for (const { table, start, name } of wanted) {
      // names and bounds are ours and DDL takes no parameters
      await tx.$executeRawUnsafe(
        `CREATE TABLE IF NOT EXISTS "${name}" PARTITION OF "${table}"
         FOR VALUES FROM ('${new Date(start).toISOString()}') TO ('${new Date(start + DAY).toISOString()}')`,
      );
    }
  });
}

/** Makes today's partitions and those of the next days. */
export async function ensurePartitionsAhead(db: Database, now: number, days = 3): Promise<void> {
  // yesterday as well: a slot that began before midnight may be written after it
  await ensurePartitions(
    db,
    Array.from({ length: days + 2 }, (_, i) => now + (i - 1) * DAY),
  );
}

/**
 * Drops the partitions of days that ended more than `retentionDays` ago.
 * @returns the names of those that went
 */
export async function dropExpiredPartitions(
  db: Database,
  now: number,
  retentionDays: number,
): Promise<string[]> {
  const horizon = now - retentionDays * DAY;
  const expired = (await listPartitions(db)).filter((name) => {
    const start = startOf(name);
    return start !== null && start + DAY <= horizon;
  });
  for (const name of expired) {
    await db.$transaction(async (tx) => {
      await takeLock(tx);
      await tx.$executeRawUnsafe(`DROP TABLE IF EXISTS "${name}"`);
    });
  }
  return expired;
}

/** What a partition's comment says once its indexes are packed. */
const PACKED = "packed";

/**
 * Packs the indexes of days that are over, each once. Looks come in by time and the key begins with the
 * check, so its pages split in the middle and stay a third empty: 45 bytes a look, 31 when packed. Results
 * can be read and written meanwhile.
 * @returns the names of those that were packed now
 */
export async function packEndedPartitions(db: Database, now: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT c.relname::text AS name FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'results'::regclass AND obj_description(c.oid, 'pg_class') IS DISTINCT FROM ${PACKED}`;
  const ended = rows.map((row) => row.name).filter((name) => (startOf(name) ?? now) + DAY + HOUR <= now);
  for (const name of ended) {
    // not in a transaction, which CONCURRENTLY forbids; the name is ours, made of digits
    await db.$executeRawUnsafe(`REINDEX TABLE CONCURRENTLY "${name}"`);
    await db.$executeRawUnsafe(`COMMENT ON TABLE "${name}" IS '${PACKED}'`);
  }
  return ended;
}

/** One process at a time: two that make the same partition would fail on the catalogue's own keys. */
async function takeLock(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`;
}

async function listPartitions(db: Database): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT c.relname::text AS name FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ANY(${[...PARTITIONED]}::regclass[])`;
  return rows.map((row) => row.name);
}

/** `results_20261122` */
function nameOf(table: string, start: number): string {
  return `${table}_${new Date(start).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

function startOf(name: string): number | null {
  const match = /_(\d{4})(\d{2})(\d{2})$/.exec(name);
  return match === null ? null : Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
}
