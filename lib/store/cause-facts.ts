import { HOUR, MINUTE } from "#lib/base/clock.ts";
import type { CauseFacts, Neighbour, PastLook, ProviderWord } from "#lib/model/cause-facts.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import {
  FAILURE_CODES,
  healthOf,
  isFailing,
  outcomeCode,
  outcomeOf,
  OUTCOMES,
  type Health,
} from "#lib/model/outcome.ts";
import { FAULT_KINDS, type FaultKind } from "#lib/model/verdict.ts";

import type { Database } from "./client.ts";

/** How far back the course of events is read, and how far into an episode. */
const BEFORE = 30 * MINUTE;
const DURING = 2 * HOUR;
/** Looks that are read of each region, before and in the episode each: one in a step of time, */
const STEPS = 120;
/** and all of those that are nearest to the start. */
const NEAREST = 60;
const MOST_LOOKS = 2_000;
const MOST_NEIGHBOURS = 500;
const DEPLOYS_FROM = 1 * HOUR;
/** What began within this time of another began with it; the rules ask for the same. */
const TOGETHER = 5 * MINUTE;
const UNKNOWN = outcomeCode("unknown");

/** The episode that a cause is wanted for. */
export interface EpisodeKey {
  readonly id: string;
}

/**
 * Everything that the cause of an episode is told from, as known at `now`: a handful of queries by
 * primary key or index, each bounded in rows.
 * @returns null when the episode is gone
 */
export async function readCauseFacts(
  db: Database,
  { id }: EpisodeKey,
  now: Date,
): Promise<CauseFacts | null> {
  const episode = await db.errorEpisode.findUnique({
    where: { id },
    include: {
      check: {
        select: {
          number: true,
          timeoutMs: true,
          regions: true,
          states: { select: { health: true, outcome: true, region: { select: { name: true } } } },
        },
      },
      component: { select: { id: true, name: true, upstreamStatusUrl: true } },
    },
  });
  if (episode === null) return null;
  const { check, component, startedAt } = episode;
  const end = episode.endedAt ?? now;
  const until = new Date(Math.min(end.getTime(), startedAt.getTime() + DURING));
  const [before, during, maintenances, deploys, provider, neighbours] = await Promise.all([
    readLooks(db, check.number, new Date(startedAt.getTime() - BEFORE), startedAt, true),
    readLooks(db, check.number, startedAt, new Date(until.getTime() + 1), false),
    readMaintenances(db, component.id, startedAt),
    readDeploys(db, component.id, startedAt),
    readProvider(db, component.upstreamStatusUrl),
    readNeighbours(db, episode),
  ]);
  // written by storeResults from an Evidence, and by nobody else
  const [first, last] = [episode.firstEvidence, episode.lastEvidence] as unknown as (Evidence | null)[];
  return {
    now: now.getTime(),
    component: component.name,
    startedAt: startedAt.getTime(),
    endedAt: episode.endedAt?.getTime() ?? null,
    outcome: outcomeOf(episode.outcome),
    kind: knownKind(episode.kind),
    timeoutMs: check.timeoutMs,
    first: first ?? null,
    last: last ?? null,
    looks: [...before, ...during],
    // what the regions believe by now says nothing of one that has ended
    votes: (episode.endedAt === null ? null : keptVotes(episode.votes)) ?? votesOf(check),
    maintenances,
    deploys,
    provider,
    neighbours,
    pool: poolOf(last ?? first ?? null),
  };
}

/** Written by saveEpisodeVotes from votes, and by nobody else; null for an episode of before there were any. */
function keptVotes(votes: unknown): CauseFacts["votes"] | null {
  return Array.isArray(votes) ? votes : null;
}

/** What each region that looks at the check believes now. */
function votesOf(check: {
  readonly regions: readonly string[];
  readonly states: readonly {
    readonly region: { readonly name: string };
    readonly health: Health;
    readonly outcome: number;
  }[];
}): CauseFacts["votes"] {
  return check.states
    .filter(({ region }) => check.regions.length === 0 || check.regions.includes(region.name))
    .map(({ region, health, outcome }) => ({ region: region.name, health, outcome: outcomeOf(outcome) }));
}

function knownKind(kind: string | null): FaultKind | null {
  return FAULT_KINDS.find((known) => known === kind) ?? null;
}

/** What a pool's evidence counts: its details have a line `member <name>` each, which begins with the outcome. */
function poolOf(evidence: Evidence | null): CauseFacts["pool"] {
  const members = Object.entries(evidence?.details ?? {})
    .filter(([name]) => name.startsWith("member "))
    .flatMap(([, line]) => OUTCOMES.filter((outcome) => outcome === String(line).split(",", 1)[0]))
    .filter((outcome) => outcome !== "unknown");
  if (members.length === 0) return null;
  return {
    members: members.length,
    failing: members.filter((outcome) => isFailing(healthOf(outcome))).length,
  };
}

interface LookRow extends Omit<PastLook, "at" | "outcome" | "status" | "connectMs" | "kind"> {
  readonly at: Date;
  readonly outcome: number;
  readonly status: number;
  readonly connectMs: number;
  readonly kind: string | null;
}

/**
 * Looks from `from` to before `to`, oldest first: of each region the 60 that are nearest to the
 * start of the episode, and one in each of 120 steps.
 * @param before looks before the start: the last are the nearest, and of a step a failure is
 *   taken, which would be missed otherwise
 */
async function readLooks(
  db: Database,
  checkNumber: number,
  from: Date,
  to: Date,
  before: boolean,
): Promise<PastLook[]> {
  const stepSeconds = Math.max(1, (to.getTime() - from.getTime()) / 1_000 / STEPS);
  const rows = await db.$queryRaw<LookRow[]>`
    WITH looks AS (
      SELECT region_id, slot_at, outcome, http_status, connect_ms, total_ms,
             floor(extract(epoch FROM slot_at) / ${stepSeconds}::float8) AS step,
             CASE WHEN ${before}::bool THEN -extract(epoch FROM slot_at) ELSE extract(epoch FROM slot_at) END AS away
      FROM results
      WHERE check_number = ${checkNumber} AND outcome <> ${UNKNOWN}::smallint
        AND slot_at >= ${from}::timestamptz AND slot_at < ${to}::timestamptz
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY region_id ORDER BY away) AS nth,
             row_number() OVER (PARTITION BY region_id, step
               ORDER BY (${before}::bool AND outcome = ANY(${[...FAILURE_CODES]}::int[])) DESC, slot_at) AS in_step
      FROM looks
    ), sampled AS (
      SELECT * FROM ranked WHERE nth <= ${NEAREST}::int OR in_step = 1
    )
    SELECT s.slot_at AS "at", g.name AS "region", s.outcome::int, s.http_status::int AS "status",
           s.connect_ms::int AS "connectMs", s.total_ms AS "totalMs",
           e.detail->'error'->>'code' AS "error", e.detail->>'phase' AS "phase", e.detail->>'kind' AS "kind",
           e.detail->'headers'->>'retry-after' AS "retryAfter"
    FROM sampled s
    JOIN regions g ON g.id = s.region_id
    LEFT JOIN evidence e ON e.check_number = ${checkNumber} AND e.region_id = s.region_id AND e.slot_at = s.slot_at
    ORDER BY s.slot_at, g.name LIMIT ${MOST_LOOKS}::int`;
  return rows.map((row) => ({
    ...row,
    at: row.at.getTime(),
    outcome: outcomeOf(row.outcome),
    status: row.status < 0 ? null : row.status,
    connectMs: row.connectMs < 0 ? null : row.connectMs,
    kind: knownKind(row.kind),
  }));
}

/** Planned work whose time, planned or real, lies around the start. */
async function readMaintenances(
  db: Database,
  componentId: string,
  startedAt: Date,
): Promise<CauseFacts["maintenances"]> {
  const rows = await db.maintenance.findMany({
    where: {
      components: { some: { componentId } },
      scheduledFor: { lte: new Date(startedAt.getTime() + HOUR) },
      OR: [{ completedAt: null }, { completedAt: { gte: new Date(startedAt.getTime() - HOUR) } }],
    },
    select: { name: true, scheduledFor: true, scheduledUntil: true, startedAt: true, completedAt: true },
    orderBy: { scheduledFor: "desc" },
    take: 20,
  });
  return rows.map((row) => ({
    name: row.name,
    from: Math.min(row.scheduledFor.getTime(), row.startedAt?.getTime() ?? Infinity),
    // work that was ended early, or runs over its time
    to:
      row.completedAt?.getTime() ??
      Math.max(row.scheduledUntil.getTime(), row.startedAt === null ? 0 : startedAt.getTime()),
  }));
}

function readDeploys(db: Database, componentId: string, startedAt: Date): Promise<{ at: number }[]> {
  const span = {
    gte: new Date(startedAt.getTime() - DEPLOYS_FROM),
    lte: new Date(startedAt.getTime() + 5 * MINUTE),
  };
  return db.deploy
    .findMany({
      where: { at: span, OR: [{ componentId }, { componentId: null }] },
      select: { at: true },
      orderBy: { at: "desc" },
      take: 50,
    })
    .then((rows) => rows.map(({ at }) => ({ at: at.getTime() })));
}

async function readProvider(db: Database, url: string | null): Promise<ProviderWord | null> {
  if (url === null) return null;
  const row = await db.upstreamStatus.findUnique({ where: { url } });
  if (row === null || row.indicator === null || row.error !== null) return null;
  return {
    name: row.name ?? new URL(url).hostname,
    indicator: row.indicator,
    description: row.description ?? row.indicator,
    since: row.since?.getTime() ?? null,
  };
}

/**
 * What every other check is believed to be, and whether it speaks to the same host. Of an episode that has
 * ended: what failed when it began, for what failed with it is well again by now.
 */
function readNeighbours(
  db: Database,
  { checkId, startedAt, endedAt }: { checkId: string; startedAt: Date; endedAt: Date | null },
): Promise<Neighbour[]> {
  const [from, to] = [-TOGETHER, TOGETHER].map((ms) => new Date(startedAt.getTime() + ms));
  return db.$queryRaw<
    (Omit<Neighbour, "since" | "outcome"> & { since: Date; outcome: number; health: Health })[]
  >`
    WITH addresses AS (
      SELECT c.id, c.number, c.component_id, c.target->>'host' AS host,
             lower(coalesce(c.target->>'url', c.target->'front'->>'url')) AS url
      FROM checks c WHERE c.enabled AND c.archived_at IS NULL
    ), hosts AS (
      SELECT id, number, component_id,
             coalesce(substring(url FROM '^[a-z]+://\\[([^]]+)\\]'), substring(url FROM '^[a-z]+://([^/:?#]+)'), lower(host)) AS host
      FROM addresses
    ), own AS (SELECT * FROM hosts WHERE id = ${checkId}::uuid)
    SELECT DISTINCT ON (h.number) CASE WHEN past.outcome IS NULL THEN s.health::text ELSE 'down' END AS health,
           coalesce(past.outcome, s.outcome)::int AS outcome, coalesce(past.started_at, s.since) AS since,
           coalesce(h.host = own.host, false) AS "sameHost", h.component_id = own.component_id AS "sameComponent"
    FROM own JOIN hosts h ON h.id <> own.id
    JOIN check_states s ON s.check_number = h.number
    LEFT JOIN LATERAL (
      SELECT e.outcome, e.started_at FROM error_episodes e
      WHERE ${endedAt !== null}::bool AND e.component_id = h.component_id AND e.check_id = h.id
        AND e.started_at BETWEEN ${from}::timestamptz AND ${to}::timestamptz
      ORDER BY e.started_at LIMIT 1
    ) past ON true
    ORDER BY h.number, s.last_slot_at DESC
    LIMIT ${MOST_NEIGHBOURS}::int`.then((rows) =>
    rows.map((row) => ({ ...row, since: row.since.getTime(), outcome: outcomeOf(row.outcome) })),
  );
}
