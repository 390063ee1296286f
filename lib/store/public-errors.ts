import { GATEWAY_CODES, outcomeCode, type GatewayOutcome } from "#lib/model/outcome.ts";

import type { ErrorEpisode, Prisma } from "./generated/client.ts";
import type { Database } from "./client.ts";

const BAD_GATEWAY = outcomeCode("bad_gateway");
const SERVICE_UNAVAILABLE = outcomeCode("service_unavailable");
const GATEWAY_TIMEOUT = outcomeCode("gateway_timeout");
/** HTTP status and the stored code of its outcome. */
const GATEWAYS = (Object.keys(GATEWAY_CODES) as GatewayOutcome[]).map((outcome) => ({
  status: GATEWAY_CODES[outcome],
  outcome: outcomeCode(outcome),
}));
const GATEWAY_STATUSES = GATEWAYS.map(({ status }) => status);

export interface ErrorDayRow {
  readonly componentId: string;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly checks: number;
  readonly badGateway: number;
  readonly serviceUnavailable: number;
  readonly gatewayTimeout: number;
}

/**
 * Counts of 502, 503 and 504 by component and UTC day, from the daily rollup.
 * @param quiet true: also the days without any of them
 */
export function readErrorDays(
  db: Database,
  query: { readonly componentIds: readonly string[]; readonly from: Date; readonly quiet: boolean },
): Promise<ErrorDayRow[]> {
  // arrays start at 1 in SQL: outcome code c is counted in outcomes[c + 1]
  return db.$queryRaw<ErrorDayRow[]>`
    SELECT * FROM (
      SELECT k.component_id AS "componentId",
             to_char(d.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day",
             sum(d.total)::int AS "checks",
             coalesce(sum(d.outcomes[${BAD_GATEWAY + 1}::int]), 0)::int AS "badGateway",
             coalesce(sum(d.outcomes[${SERVICE_UNAVAILABLE + 1}::int]), 0)::int AS "serviceUnavailable",
             coalesce(sum(d.outcomes[${GATEWAY_TIMEOUT + 1}::int]), 0)::int AS "gatewayTimeout"
      FROM rollup_days d
      JOIN checks k ON k.number = d.check_number
      WHERE d.starts_at >= ${query.from} AND k.component_id = ANY(${[...query.componentIds]}::uuid[])
      GROUP BY k.component_id, d.starts_at
    ) days
    WHERE ${query.quiet} OR "badGateway" + "serviceUnavailable" + "gatewayTimeout" > 0
    ORDER BY "componentId", "day"`;
}

export type EpisodeRow = ErrorEpisode & { readonly component: { readonly name: string } };

export interface EpisodeFilter {
  readonly componentId?: string | undefined;
  /** An HTTP status; without it 502, 503 and 504. */
  readonly code?: number | undefined;
  /** Also other failures than gateway codes; `code` wins. */
  readonly anyOutcome?: boolean | undefined;
  /** Began at or after. */
  readonly from?: Date | undefined;
  /** Began before. */
  readonly to?: Date | undefined;
  /** Keyset: only episodes that come after this one in the order below. */
  readonly after?: { readonly startedAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/**
 * Episodes with one of these statuses: also a pool of which a part answers so, and those whose
 * looks have left no status behind.
 */
function answeredWith(codes: readonly number[]): Prisma.ErrorEpisodeWhereInput {
  const outcomes = GATEWAYS.filter(({ status }) => codes.includes(status)).map(({ outcome }) => outcome);
  return {
    OR: [{ httpStatus: { in: [...codes] } }, { httpStatus: null, outcome: { in: outcomes } }],
  };
}

/** Episodes of live components, newest first, ties by id downwards. */
export function readEpisodes(db: Database, filter: EpisodeFilter): Promise<EpisodeRow[]> {
  const conditions: Prisma.ErrorEpisodeWhereInput[] = [{ component: { archivedAt: null } }];
  if (filter.componentId !== undefined) conditions.push({ componentId: filter.componentId });
  if (filter.code !== undefined) conditions.push(answeredWith([filter.code]));
  else if (filter.anyOutcome !== true) conditions.push(answeredWith(GATEWAY_STATUSES));
  if (filter.from !== undefined) conditions.push({ startedAt: { gte: filter.from } });
  if (filter.to !== undefined) conditions.push({ startedAt: { lt: filter.to } });
  if (filter.after !== undefined) {
    const { startedAt, id } = filter.after;
    conditions.push(
      { startedAt: { lte: startedAt } },
      { OR: [{ startedAt: { lt: startedAt } }, { id: { lt: id } }] },
    );
  }
  return db.errorEpisode.findMany({
    where: { AND: conditions },
    include: { component: { select: { name: true } } },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
    take: filter.limit,
  });
}

/** Episodes that have not ended, newest first; of one component when it is given. */
export function readOpenEpisodes(db: Database, componentId?: string): Promise<EpisodeRow[]> {
  return db.errorEpisode.findMany({
    where: {
      endedAt: null,
      component: { archivedAt: null },
      ...(componentId === undefined ? {} : { componentId }),
    },
    include: { component: { select: { name: true } } },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
  });
}

export interface EpisodeTotals {
  readonly episodes: number;
  /** Of ended 502 and 504 episodes; null when there are none. */
  readonly medianDurationMs: number | null;
}

/** How many 502, 503 and 504 episodes began since `from`, and how long 502 and 504 lasted. */
export async function readEpisodeTotals(db: Database, from: Date): Promise<EpisodeTotals> {
  const [row] = await db.$queryRaw<EpisodeTotals[]>`
    SELECT count(*)::int AS "episodes",
           (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM e.ended_at - e.started_at) * 1000)
             FILTER (WHERE e.ended_at IS NOT NULL AND (e.http_status IN (502, 504) OR e.outcome IN (${BAD_GATEWAY}, ${GATEWAY_TIMEOUT}))))::float8
             AS "medianDurationMs"
    FROM error_episodes e
    JOIN components c ON c.id = e.component_id AND c.archived_at IS NULL
    WHERE e.started_at >= ${from}
      AND (e.http_status = ANY(${GATEWAY_STATUSES}::int[])
           OR e.http_status IS NULL AND e.outcome = ANY(${GATEWAYS.map(({ outcome }) => outcome)}::int[]))`;
  return row ?? { episodes: 0, medianDurationMs: null };
}

/** A live component by slug or id; null when strangers know of none. */
export function findPublicComponent(
  db: Database,
  slugOrId: string,
): Promise<{ id: string; slug: string; name: string } | null> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(slugOrId);
  return db.component.findFirst({
    where: {
      archivedAt: null,
      ...(isId ? { OR: [{ id: slugOrId }, { slug: slugOrId }] } : { slug: slugOrId }),
    },
    select: { id: true, slug: true, name: true },
  });
}
