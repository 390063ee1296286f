import { uuidv7 } from "#lib/base/id.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import { FAILURE_CODES, healthOf, isFailing, outcomeCode, type Outcome } from "#lib/model/outcome.ts";

import type { Transaction } from "./client.ts";
import { Prisma } from "./generated/client.ts";

const UNKNOWN = outcomeCode("unknown");

/** What an episode counts of a look. */
export interface CountedLook {
  readonly checkNumber: number;
  /** Epoch milliseconds. */
  readonly slotAt: number;
  readonly outcome: Outcome;
  readonly evidence: Evidence | null;
}

/** Adds looks to the counters of the episodes that are open on their checks. */
export async function growEpisodes(tx: Transaction, looks: readonly CountedLook[]): Promise<void> {
  if (looks.length === 0) return;
  const slotAt = looks.map((row) => new Date(row.slotAt).toISOString());
  const check = looks.map((row) => row.checkNumber);
  const failed = looks.map((row) => isFailing(healthOf(row.outcome)));
  const evidence = looks.map((row) => (row.evidence === null ? null : JSON.stringify(row.evidence)));
  await tx.$executeRaw`
    WITH news AS (
      SELECT e.id, count(*)::int AS checks, (count(*) FILTER (WHERE g.failed))::int AS failures,
             (array_agg(g.evidence ORDER BY g.slot_at DESC) FILTER (WHERE g.evidence IS NOT NULL))[1]::jsonb AS last
      FROM unnest(${slotAt}::timestamptz[], ${check}::int[], ${failed}::bool[], ${evidence}::text[])
        AS g(slot_at, check_number, failed, evidence)
      JOIN checks c ON c.number = g.check_number
      JOIN error_episodes e ON e.check_id = c.id AND e.ended_at IS NULL AND g.slot_at >= e.started_at
      GROUP BY e.id
    )
    UPDATE error_episodes e
    SET checks = e.checks + news.checks, failures = e.failures + news.failures,
        last_evidence = coalesce(news.last, e.last_evidence)
    FROM news WHERE news.id = e.id AND e.ended_at IS NULL`;
}

/** The check that an episode is of. */
export interface EpisodeSubject {
  readonly checkId: string;
  readonly checkNumber: number;
  readonly componentId: string;
}

/**
 * Opens the episode of a check that went down with `outcome` at `at`, counting the looks since
 * then that are stored already. The caller holds the check's states, so that none is counted twice.
 */
export async function openEpisode(
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
  await tx.errorEpisode.create({
    data: {
      id: uuidv7(),
      componentId: subject.componentId,
      checkId: subject.checkId,
      outcome: outcomeCode(outcome),
      httpStatus: telling?.httpStatus ?? null,
      kind: telling?.kind ?? null,
      gateway: telling?.gateway ?? null,
      answeredBy: telling?.answeredBy ?? null,
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

async function countLooks(
  tx: Transaction,
  checkNumber: number,
  from: Date,
): Promise<{ checks: number; failures: number }> {
  const [row] = await tx.$queryRaw<{ checks: number; failures: number }[]>`
    SELECT count(*)::int AS checks, (count(*) FILTER (WHERE outcome = ANY(${[...FAILURE_CODES]}::int[])))::int AS failures
    FROM results
    WHERE check_number = ${checkNumber} AND slot_at >= ${from}::timestamptz AND outcome <> ${UNKNOWN}::int`;
  return row ?? { checks: 0, failures: 0 };
}

async function findEvidence(
  tx: Transaction,
  checkNumber: number,
  from: Date,
  order: "asc" | "desc",
): Promise<Evidence | null> {
  const row = await tx.evidence.findFirst({
    where: { checkNumber, slotAt: { gte: from } },
    orderBy: { slotAt: order },
    select: { detail: true },
  });
  // written by storeResults from an Evidence, and by nobody else
  return row === null ? null : (row.detail as unknown as Evidence);
}

function json(value: object | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null ? Prisma.DbNull : value;
}
