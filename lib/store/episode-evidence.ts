import type { Evidence } from "#lib/model/evidence.ts";
import { FAILURE_CODES, outcomeCode, OUTCOMES, type Outcome } from "#lib/model/outcome.ts";

import type { Transaction } from "./client.ts";

const UNKNOWN = outcomeCode("unknown");
const FAILURES: readonly Outcome[] = OUTCOMES.filter((outcome) =>
  FAILURE_CODES.includes(outcomeCode(outcome)),
);
/** Looks that are asked for the facts of an episode; more say the same. */
const ASKED_LOOKS = 20;

/** Looks that saw anything, and how many of them failed. */
export interface LookCounts {
  readonly checks: number;
  readonly failures: number;
}

/** Counts the stored looks of a check that were due at `from` or later, and before `to`. */
export async function countLooks(
  tx: Transaction,
  checkNumber: number,
  from: Date,
  to: Date | null = null,
): Promise<LookCounts> {
  const [row] = await tx.$queryRaw<LookCounts[]>`
    SELECT count(*)::int AS checks, (count(*) FILTER (WHERE outcome = ANY(${[...FAILURE_CODES]}::int[])))::int AS failures
    FROM results
    WHERE check_number = ${checkNumber} AND slot_at >= ${from}::timestamptz
      AND slot_at < coalesce(${to}::timestamptz, 'infinity') AND outcome <> ${UNKNOWN}::int`;
  return row ?? { checks: 0, failures: 0 };
}

/**
 * The first or last evidence of a failure of a check, from looks that were due at `from` or later.
 * Looks that did not fail leave evidence as well (a certificate that ends soon, a pool that lost a
 * member): it says nothing of the episode.
 */
export async function findEvidence(
  tx: Transaction,
  checkNumber: number,
  from: Date,
  order: "asc" | "desc",
): Promise<Evidence | null> {
  const row = await tx.evidence.findFirst({
    where: {
      checkNumber,
      slotAt: { gte: from },
      OR: FAILURES.map((outcome) => ({ detail: { path: ["outcome"], equals: outcome } })),
    },
    orderBy: { slotAt: order },
    select: { detail: true },
  });
  // written by storeResults from an Evidence, and by nobody else
  return row === null ? null : (row.detail as unknown as Evidence);
}

/** What the looks of an episode say of the hop that failed. */
export interface EpisodeFacts {
  readonly httpStatus: number | null;
  readonly kind: string | null;
  readonly gateway: string | null;
  readonly answeredBy: string | null;
}

/**
 * Of each fact what most of the latest looks with this outcome name. A look that names nothing has
 * no say: nginx may be recognised in one answer of three, and is nginx in all of them.
 */
export async function findFacts(
  tx: Transaction,
  checkNumber: number,
  outcome: Outcome,
  from: Date,
): Promise<EpisodeFacts> {
  const [row] = await tx.$queryRaw<EpisodeFacts[]>`
    SELECT mode() WITHIN GROUP (ORDER BY (detail->>'httpStatus')::int) AS "httpStatus",
           mode() WITHIN GROUP (ORDER BY detail->>'kind') AS "kind",
           mode() WITHIN GROUP (ORDER BY detail->>'gateway') AS "gateway",
           mode() WITHIN GROUP (ORDER BY detail->>'answeredBy') AS "answeredBy"
    FROM (
      SELECT detail FROM evidence
      WHERE check_number = ${checkNumber} AND slot_at >= ${from}::timestamptz AND detail->>'outcome' = ${outcome}
      ORDER BY slot_at DESC LIMIT ${ASKED_LOOKS}
    ) AS latest`;
  return row ?? { httpStatus: null, kind: null, gateway: null, answeredBy: null };
}
