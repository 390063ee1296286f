import { GatewatchError } from "#lib/base/errors.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import type { Timings } from "#lib/model/observation.ts";
import { outcomeCode, outcomeOf, type Outcome } from "#lib/model/outcome.ts";

import type { Database } from "./client.ts";
import { Prisma } from "./generated/client.ts";
import { sqlState } from "./refused.ts";

/** What makes a look one of its kind. */
export interface LookKey {
  readonly slotAt: Date;
  readonly checkNumber: number;
  readonly regionId: number;
}

/** One look as the log shows it. */
export interface LookRow extends LookKey {
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  readonly timings: Timings;
  readonly gateway: string | null;
  /** Null for a look that left none. */
  readonly evidence: Evidence | null;
}

/** A stretch of the log, newest first. Every query is bounded by time and by rows. */
export interface LogQuery {
  /** From then on. */
  readonly from: Date;
  /** Before then. */
  readonly to: Date;
  /** Keyset: only looks that come after this one in the order below. */
  readonly after: LookKey | null;
  /** Numbers of checks; null: all. */
  readonly checks: readonly number[] | null;
  readonly region: number | null;
  /** Null: all. */
  readonly outcomes: readonly Outcome[] | null;
  readonly limit: number;
  /** After that the query is given up. */
  readonly timeoutMs: number;
}

/** What only evidence can be asked for. */
export interface EvidenceQuery extends LogQuery {
  readonly gateway: string | null;
  /** Searched in everything that people read: sentence, headers, body, error, addresses. */
  readonly text: string | null;
}

interface ResultRow extends LookKey {
  readonly outcome: number;
  readonly httpStatus: number;
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly gateway: string | null;
  readonly detail: Evidence | null;
}

interface EvidenceRow extends LookKey {
  readonly gateway: string | null;
  // written by storeResults from an Evidence, and by nobody else
  readonly detail: Evidence;
}

/**
 * Looks that left evidence, newest first; ties by check and region downwards.
 * @throws GatewatchError QUERY_TOO_WIDE when it takes longer than `timeoutMs`
 */
export async function readEvidenceLog(db: Database, query: EvidenceQuery): Promise<LookRow[]> {
  const rows = await ask<EvidenceRow>(db, evidenceLogSql(query), query.timeoutMs);
  return rows.map(({ detail, ...row }) => ({
    ...row,
    outcome: detail.outcome,
    httpStatus: detail.httpStatus,
    timings: detail.timings,
    evidence: detail,
  }));
}

/**
 * All looks, newest first; ties by check and region downwards. There is no order by time in the
 * table: `from` to `to` is read and sorted, so the caller walks back in short stretches.
 * @throws GatewatchError QUERY_TOO_WIDE when it takes longer than `timeoutMs`
 */
export async function readResultLog(db: Database, query: LogQuery): Promise<LookRow[]> {
  return (await ask<ResultRow>(db, resultLogSql(query), query.timeoutMs)).map(fromResult);
}

/** One look; null when there is none, or not any more. */
export async function findLook(db: Database, key: LookKey): Promise<LookRow | null> {
  const next = new Date(key.slotAt.getTime() + 1);
  const sql = Prisma.sql`
    ${RESULT_COLUMNS}
    FROM results r ${withEvidence(key.slotAt, next)}
    WHERE r.slot_at = ${key.slotAt}::timestamptz AND r.check_number = ${key.checkNumber}::int
      AND r.region_id = ${key.regionId}::int`;
  const [row] = await db.$queryRaw<ResultRow[]>(sql);
  return row === undefined ? null : fromResult(row);
}

/** The statement behind `readEvidenceLog`. */
export function evidenceLogSql(query: EvidenceQuery): Prisma.Sql {
  const { outcomes, gateway, text } = query;
  const conditions = [
    ...bounds(Prisma.raw("e"), query),
    ...(gateway === null ? [] : [Prisma.sql`e.gateway = ${gateway}`]),
    ...(outcomes === null ? [] : [Prisma.sql`e.detail->>'outcome' = ANY(${[...outcomes]}::text[])`]),
    ...(text === null ? [] : [searched(text)]),
  ];
  return Prisma.sql`
    SELECT e.slot_at AS "slotAt", e.check_number AS "checkNumber", e.region_id::int AS "regionId",
           e.gateway, e.detail
    FROM evidence e
    WHERE ${Prisma.join(conditions, " AND ")}
    ORDER BY e.slot_at DESC, e.check_number DESC, e.region_id DESC
    LIMIT ${query.limit}::int`;
}

/** The statement behind `readResultLog`. */
export function resultLogSql(query: LogQuery): Prisma.Sql {
  const { outcomes, from, to } = query;
  const conditions = [
    ...bounds(Prisma.raw("r"), query),
    ...(outcomes === null ? [] : [Prisma.sql`r.outcome = ANY(${outcomes.map(outcomeCode)}::int[])`]),
  ];
  return Prisma.sql`
    ${RESULT_COLUMNS}
    FROM (
      SELECT * FROM results r
      WHERE ${Prisma.join(conditions, " AND ")}
      ORDER BY r.slot_at DESC, r.check_number DESC, r.region_id DESC
      LIMIT ${query.limit}::int
    ) r ${withEvidence(from, to)}
    ORDER BY r.slot_at DESC, r.check_number DESC, r.region_id DESC`;
}

const RESULT_COLUMNS = Prisma.sql`
  SELECT r.slot_at AS "slotAt", r.check_number AS "checkNumber", r.region_id::int AS "regionId",
         r.outcome::int, r.http_status::int AS "httpStatus", r.dns_ms::int AS "dnsMs",
         r.connect_ms::int AS "connectMs", r.tls_ms::int AS "tlsMs",
         r.first_byte_ms::int AS "firstByteMs", r.total_ms AS "totalMs", e.gateway, e.detail`;

/** The evidence beside a result. The times repeat what the key says, so that other days are left out. */
function withEvidence(from: Date, to: Date): Prisma.Sql {
  return Prisma.sql`LEFT JOIN evidence e
    ON e.slot_at = r.slot_at AND e.check_number = r.check_number AND e.region_id = r.region_id
      AND e.slot_at >= ${from}::timestamptz AND e.slot_at < ${to}::timestamptz`;
}

function bounds(table: Prisma.Sql, { from, to, after, checks, region }: LogQuery): Prisma.Sql[] {
  return [
    Prisma.sql`${table}.slot_at >= ${from}::timestamptz`,
    Prisma.sql`${table}.slot_at < ${to}::timestamptz`,
    ...(after === null
      ? []
      : [
          // the first says for the indexes by time what the second says exactly
          Prisma.sql`${table}.slot_at <= ${after.slotAt}::timestamptz`,
          Prisma.sql`(${table}.slot_at, ${table}.check_number, ${table}.region_id)
            < (${after.slotAt}::timestamptz, ${after.checkNumber}::int, ${after.regionId}::int)`,
        ]),
    ...(checks === null ? [] : [Prisma.sql`${table}.check_number = ANY(${[...checks]}::int[])`]),
    ...(region === null ? [] : [Prisma.sql`${table}.region_id = ${region}::int`]),
  ];
}

/**
 * The whole document first, as JSON writes the text, because that unpacks it once; then what people
 * read of it, without the names of our own fields.
 */
function searched(text: string): Prisma.Sql {
  const anywhere = like(JSON.stringify(text).slice(1, -1));
  const exactly = like(text);
  return Prisma.sql`e.detail::text ILIKE ${anywhere} AND (
    concat_ws(' ', e.detail->>'summary', e.detail->>'bodyStart', e.detail->>'remote', e.detail->>'url',
      e.detail->>'gateway', e.detail->>'kind', e.detail->>'phase', e.detail->>'httpStatus',
      e.detail#>>'{error,code}', e.detail#>>'{error,message}', e.detail#>>'{cause,summary}') ILIKE ${exactly}
    OR (e.detail->'headers')::text ILIKE ${anywhere}
    OR (e.detail->'certificate')::text ILIKE ${anywhere}
    OR (e.detail->'details')::text ILIKE ${anywhere}
    OR (e.detail->'redirects')::text ILIKE ${anywhere})`;
}

function like(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}

// query_canceled, which is what a statement's time-out is
const TIMED_OUT = "57014";

async function ask<Row>(db: Database, sql: Prisma.Sql, timeoutMs: number): Promise<Row[]> {
  try {
    return await db.$transaction(
      async (tx) => {
        await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${Math.ceil(timeoutMs)}`);
        return tx.$queryRaw<Row[]>(sql);
      },
      { maxWait: 5_000, timeout: timeoutMs + 5_000 },
    );
  } catch (error) {
    if (sqlState(error) !== TIMED_OUT) throw error;
    throw new GatewatchError(
      "QUERY_TOO_WIDE",
      "There is too much to search. Narrow the time range, or choose a component.",
      { cause: error },
    );
  }
}

/** -1 stands for a phase that did not happen. */
function phase(ms: number): number | null {
  return ms < 0 ? null : ms;
}

function fromResult(row: ResultRow): LookRow {
  const { slotAt, checkNumber, regionId, gateway, detail } = row;
  return {
    slotAt,
    checkNumber,
    regionId,
    outcome: outcomeOf(row.outcome),
    httpStatus: row.httpStatus <= 0 ? null : row.httpStatus,
    timings: {
      dns: phase(row.dnsMs),
      connect: phase(row.connectMs),
      tls: phase(row.tlsMs),
      firstByte: phase(row.firstByteMs),
      total: row.totalMs,
    },
    gateway,
    evidence: detail,
  };
}
