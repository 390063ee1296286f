import { uuidv7 } from "#lib/base/id.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import { healthOf, isFailing, outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import { isRelapse, relapseLimitMs } from "#lib/model/relapse.ts";

import type { Transaction } from "./client.ts";
import { countLooks, findEvidence, findFacts } from "./episode-evidence.ts";
import { Prisma } from "./generated/client.ts";

/** What an episode counts of a look. */
export interface CountedLook {
  readonly checkNumber: number;
  /** Epoch milliseconds. */
  readonly slotAt: number;
  readonly outcome: Outcome;
  readonly evidence: Evidence | null;
}

/**
 * Adds looks to the counters of the episodes that are open on their checks. What an episode does
 * not know yet of the hop that failed it learns from a look of its own class.
 */
export async function growEpisodes(tx: Transaction, looks: readonly CountedLook[]): Promise<void> {
  if (looks.length === 0) return;
  const slotAt = looks.map((row) => new Date(row.slotAt).toISOString());
  const check = looks.map((row) => row.checkNumber);
  const outcome = looks.map((row) => outcomeCode(row.outcome));
  const failed = looks.map((row) => isFailing(healthOf(row.outcome)));
  const evidence = looks.map((row) => (row.evidence === null ? null : JSON.stringify(row.evidence)));
  await tx.$executeRaw`
    WITH news AS (
      SELECT e.id, count(*)::int AS checks, (count(*) FILTER (WHERE g.failed))::int AS failures,
             (array_agg(g.evidence ORDER BY g.slot_at DESC) FILTER (WHERE g.evidence IS NOT NULL AND g.failed))[1]::jsonb AS last,
             (array_agg(g.evidence ORDER BY g.slot_at DESC) FILTER (WHERE g.evidence IS NOT NULL AND g.outcome = e.outcome))[1]::jsonb AS own
      FROM unnest(${slotAt}::timestamptz[], ${check}::int[], ${outcome}::int[], ${failed}::bool[], ${evidence}::text[])
        AS g(slot_at, check_number, outcome, failed, evidence)
      JOIN checks c ON c.number = g.check_number
      JOIN error_episodes e ON e.check_id = c.id AND e.ended_at IS NULL AND g.slot_at >= e.started_at
      GROUP BY e.id
    )
    UPDATE error_episodes e
    SET checks = e.checks + news.checks, failures = e.failures + news.failures,
        last_evidence = coalesce(news.last, e.last_evidence),
        http_status = coalesce(e.http_status, (news.own->>'httpStatus')::smallint),
        kind = coalesce(e.kind, news.own->>'kind'),
        gateway = coalesce(e.gateway, news.own->>'gateway'),
        answered_by = coalesce(e.answered_by, news.own->>'answeredBy')
    FROM news WHERE news.id = e.id AND e.ended_at IS NULL`;
}

/** The check that an episode is of. */
export interface EpisodeSubject {
  readonly checkId: string;
  readonly checkNumber: number;
  readonly componentId: string;
  readonly intervalMs: number;
}

/**
 * Opens the episode of a check that went down with `outcome` at `at`, or goes on with the last one
 * when this is a relapse, counting the looks since then that are stored already. The caller holds
 * the check's states, so that none is counted twice.
 */
export async function openEpisode(
  tx: Transaction,
  subject: EpisodeSubject,
  outcome: Outcome,
  at: Date,
  regions: readonly string[],
): Promise<void> {
  const relapsed = await findRelapsed(tx, subject, outcome, at);
  if (relapsed === null) await beginEpisode(tx, subject, outcome, at, regions);
  else await reopenEpisode(tx, subject, outcome, relapsed, regions);
}

interface EndedEpisode {
  readonly id: string;
  readonly endedAt: Date;
}

/** The check's last episode, when a failure at `at` is of its class and a relapse. */
async function findRelapsed(
  tx: Transaction,
  { componentId, checkId, checkNumber, intervalMs }: EpisodeSubject,
  outcome: Outcome,
  at: Date,
): Promise<EndedEpisode | null> {
  const last = await tx.errorEpisode.findFirst({
    // the component is named for the index
    where: { componentId, checkId },
    orderBy: [{ startedAt: "desc" }, { id: "desc" }],
    select: { id: true, outcome: true, endedAt: true },
  });
  if (last === null || last.endedAt === null || last.outcome !== outcomeCode(outcome)) return null;
  const lastedMs = at.getTime() - last.endedAt.getTime();
  if (lastedMs > relapseLimitMs(intervalMs)) return null;
  const { checks, failures } = await countLooks(tx, checkNumber, last.endedAt, at);
  return isRelapse({ lastedMs, looks: checks, failures }, intervalMs)
    ? { id: last.id, endedAt: last.endedAt }
    : null;
}

/** Takes an end back: the looks since then count again, and what they tell is added. */
async function reopenEpisode(
  tx: Transaction,
  { checkNumber }: EpisodeSubject,
  outcome: Outcome,
  { id, endedAt }: EndedEpisode,
  regions: readonly string[],
): Promise<void> {
  const counts = await countLooks(tx, checkNumber, endedAt);
  const last = await findEvidence(tx, checkNumber, endedAt, "desc");
  const facts = await findFacts(tx, checkNumber, outcome, endedAt);
  await tx.$executeRaw`
    UPDATE error_episodes
    SET ended_at = NULL, checks = checks + ${counts.checks}::int, failures = failures + ${counts.failures}::int,
        regions = ARRAY(SELECT DISTINCT r FROM unnest(regions || ${[...regions]}::text[]) AS r ORDER BY r),
        last_evidence = coalesce(${last === null ? null : JSON.stringify(last)}::jsonb, last_evidence),
        http_status = coalesce(http_status, ${facts.httpStatus}::smallint),
        kind = coalesce(kind, ${facts.kind}), gateway = coalesce(gateway, ${facts.gateway}),
        answered_by = coalesce(answered_by, ${facts.answeredBy})
    WHERE id = ${id}::uuid`;
}

async function beginEpisode(
  tx: Transaction,
  subject: EpisodeSubject,
  outcome: Outcome,
  at: Date,
  regions: readonly string[],
): Promise<void> {
  const counts = await countLooks(tx, subject.checkNumber, at);
  const first = await findEvidence(tx, subject.checkNumber, at, "asc");
  const last = await findEvidence(tx, subject.checkNumber, at, "desc");
  const telling = last?.outcome === outcome ? last : first;
  const facts = await findFacts(tx, subject.checkNumber, outcome, at);
  await tx.errorEpisode.create({
    data: {
      id: uuidv7(),
      componentId: subject.componentId,
      checkId: subject.checkId,
      outcome: outcomeCode(outcome),
      ...facts,
      cause: json(telling?.cause ?? null),
      startedAt: at,
      // a look may have been dropped by retention or a full buffer, yet there was one
      checks: Math.max(1, counts.checks),
      failures: Math.max(1, counts.failures),
      regions: [...regions],
      firstEvidence: json(first),
      lastEvidence: json(last),
    },
  });
}

/** Ends the check's open episode at `at`; looks from then on are taken off its counters again. */
export async function closeEpisode(tx: Transaction, subject: EpisodeSubject, at: Date): Promise<boolean> {
  const after = await countLooks(tx, subject.checkNumber, at);
  const closed = await tx.$executeRaw`
    UPDATE error_episodes
    SET ended_at = greatest(started_at, ${at}::timestamptz),
        failures = greatest(1, failures - ${after.failures}::int),
        checks = greatest(1, failures - ${after.failures}::int, checks - ${after.checks}::int)
    WHERE check_id = ${subject.checkId}::uuid AND ended_at IS NULL`;
  return closed > 0;
}

/** Notes which regions see the open episode; none is taken off again. */
export async function addEpisodeRegions(
  tx: Transaction,
  checkId: string,
  regions: readonly string[],
): Promise<boolean> {
  const widened = await tx.$executeRaw`
    UPDATE error_episodes
    SET regions = ARRAY(SELECT DISTINCT r FROM unnest(regions || ${[...regions]}::text[]) AS r ORDER BY r)
    WHERE check_id = ${checkId}::uuid AND ended_at IS NULL AND NOT regions @> ${[...regions]}::text[]`;
  return widened > 0;
}

/** The outcome and beginning of the check's open episode. */
export async function findOpenEpisode(
  tx: Transaction,
  checkId: string,
): Promise<{ outcome: number; startedAt: Date } | null> {
  return tx.errorEpisode.findFirst({
    where: { checkId, endedAt: null },
    select: { outcome: true, startedAt: true },
  });
}

function json(value: object | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null ? Prisma.DbNull : value;
}
