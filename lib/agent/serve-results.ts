import { MINUTE } from "#lib/base/clock.ts";
import { parseInput } from "#lib/base/parse.ts";
import type { Transition } from "#lib/model/belief.ts";
import { healthOf, leavesEvidence } from "#lib/model/outcome.ts";
import { readBeliefs, readChecksOfRegion } from "#lib/store/agents.ts";
import { applyTransitions } from "#lib/store/check-states.ts";
import type { Database } from "#lib/store/client.ts";
import type { RegionRow } from "#lib/store/regions.ts";
import { storeResults, type NewResult } from "#lib/store/results.ts";

import { NOT_FOR_AGENTS } from "./serve-slots.ts";
import { MAX_AGE_MS, resultsRequestSchema, type AgentRecord } from "./wire.ts";

/** How far an agent's clock may be ahead. */
const MAX_AHEAD_MS = MINUTE;

export interface Received {
  readonly stored: number;
  readonly ignored: number;
}

/**
 * Takes in what an agent of this region saw and concluded, by the same way as a worker's: results
 * first, then changed beliefs. A record of a check that the region does not look at, of another
 * time than the last days, or that was handed in before, changes nothing.
 * @throws GatewatchError INPUT_INVALID
 */
export async function serveResults(
  { db, region, now }: { readonly db: Database; readonly region: RegionRow; readonly now: number },
  input: unknown,
): Promise<Received> {
  const { records } = parseInput(resultsRequestSchema, input);
  const numbers = [...new Set(records.map(({ checkNumber }) => checkNumber))];
  const checks = await readChecksOfRegion(db, region, numbers);
  const own = new Set(checks.filter(({ kind }) => !NOT_FOR_AGENTS.has(kind)).map(({ number }) => number));
  const timely = records.filter((record) => {
    const at = record.type === "look" ? record.slotAt : record.at;
    return own.has(record.checkNumber) && at <= now + MAX_AHEAD_MS && at > now - MAX_AGE_MS;
  });
  const stored = await storeResults(
    db,
    timely.flatMap((record) => (record.type === "look" ? [toResult(record, region)] : [])),
  );
  const beliefs = await readBeliefs(db, region, [...own]);
  const fresh = timely.flatMap((record) => {
    if (record.type === "look") return [];
    const believed = beliefs.get(record.checkNumber);
    // one that is older than what is believed was handed in before, or overtaken meanwhile; the
    // state that a first look makes knows nothing, and is younger than what follows from that look
    const isFirst = believed?.health === "unknown" && record.from.since === 0;
    const isNews = believed === undefined || record.at > believed.since;
    return isFirst || isNews ? [toTransition(record, region)] : [];
  });
  await applyTransitions(db, fresh);
  return { stored, ignored: records.length - timely.length };
}

type Look = Extract<AgentRecord, { type: "look" }>;
type Changed = Extract<AgentRecord, { type: "change" }>;

function toResult(record: Look, region: RegionRow): NewResult {
  const { checkNumber, slotAt, outcome, httpStatus, timings, evidence } = record;
  const look = { checkNumber, regionId: region.id, slotAt, outcome, httpStatus, timings };
  // a pool that runs on fewer members is slow, and says which
  const telling = leavesEvidence(outcome) || outcome === "slow";
  if (evidence === null || !telling) return { ...look, evidence: null };
  // the cause is told here, from everybody's looks
  return { ...look, evidence: { ...evidence, outcome, cause: null } };
}

function toTransition({ checkNumber, from, to, at }: Changed, region: RegionRow): Transition {
  return {
    checkNumber,
    regionId: region.id,
    from: { ...from, health: healthOf(from.outcome) },
    to: { health: healthOf(to), outcome: to },
    at,
  };
}
