import { silenceLimitMs, type Belief, type Transition } from "#lib/model/belief.ts";
import { isFailing, outcomeCode, outcomeOf, type Health } from "#lib/model/outcome.ts";
import { quorum, quorumRuleOf } from "#lib/model/quorum.ts";

import type { Database, Transaction } from "./client.ts";
import { lockComponents, refreshComponentStatus, type StatusChange } from "./component-status.ts";
import {
  addEpisodeRegions,
  closeEpisode,
  findOpenEpisode,
  openEpisode,
  type EpisodeSubject,
} from "./episodes.ts";
import { saveEpisodeVotes, voteOf } from "./episode-votes.ts";
import { bumpPublicVersion } from "./public-version.ts";

interface StateRow {
  readonly checkNumber: number;
  readonly regionId: number;
  readonly region: string;
  /** False for a region that the check does not name any more. */
  readonly counts: boolean;
  /** The check's rule, as it is stored. */
  readonly quorum: string;
  readonly health: Health;
  readonly outcome: number;
  readonly lastSlotAt: Date;
}

/**
 * Writes changed beliefs down with all that follows from them, in one transaction: states,
 * episodes, component statuses and their spans, and the public version, so that whoever is told
 * of the commit sees all of it. A transition from something that is no longer believed was
 * decided by another worker already and is left out.
 * @param options.onlyIfSilent leave out checks that somebody has looked at since `from`
 * @returns the components that changed
 */
export async function applyTransitions(
  db: Database,
  transitions: readonly Transition[],
  options: { readonly onlyIfSilent?: boolean } = {},
): Promise<StatusChange[]> {
  if (transitions.length === 0) return [];
  return db.$transaction(
    async (tx) => {
      const numbers = [...new Set(transitions.map((transition) => transition.checkNumber))];
      const subjects = await lockSubjects(tx, numbers);
      const states = await lockStates(tx, numbers);
      const changes: StatusChange[] = [];
      let seen = false;
      for (const transition of transitions) {
        const subject = subjects.get(transition.checkNumber);
        const state = states.find((row) => isOf(row, transition));
        if (subject === undefined || state === undefined || !stillBelieved(state, transition.from)) continue;
        if (options.onlyIfSilent === true && state.lastSlotAt.getTime() !== transition.from.lastSlotAt)
          continue;
        await changeState(tx, transition);
        states[states.indexOf(state)] = {
          ...state,
          health: transition.to.health,
          outcome: outcomeCode(transition.to.outcome),
        };
        const episode = await followEpisode(tx, subject, states, new Date(transition.at));
        const status = await refreshComponentStatus(tx, [subject.componentId], new Date(transition.at));
        changes.push(...status);
        // a page of several regions shows what each of them sees
        const split = transition.from.health !== transition.to.health && hasSeveralVoters(states, transition);
        seen ||= episode || split || status.length > 0;
      }
      if (seen) await bumpPublicVersion(tx);
      return changes;
    },
    { maxWait: 5_000, timeout: 30_000 },
  );
}

/** Beliefs that rest on a last look too long ago, as transitions to `unknown` from when that look ran out. */
export async function findSilentChecks(db: Database, now: number): Promise<Transition[]> {
  const rows = await db.$queryRaw<
    (Omit<StateRow, "region" | "counts" | "quorum"> & {
      since: Date;
      intervalMs: number;
      timeoutMs: number;
    })[]
  >`
    SELECT s.check_number AS "checkNumber", s.region_id::int AS "regionId", s.health::text, s.outcome::int,
           s.since, s.last_slot_at AS "lastSlotAt", c.interval_ms AS "intervalMs", c.timeout_ms AS "timeoutMs"
    FROM check_states s JOIN checks c ON c.number = s.check_number
    WHERE s.health <> 'unknown'
      AND s.last_slot_at < ${new Date(now)}::timestamptz - c.interval_ms * interval '2 milliseconds'
    ORDER BY 1, 2`;
  return rows
    .filter((row) => now - row.lastSlotAt.getTime() > silenceLimitMs(row))
    .map((row) => ({
      checkNumber: row.checkNumber,
      regionId: row.regionId,
      from: {
        health: row.health,
        outcome: outcomeOf(row.outcome),
        since: row.since.getTime(),
        lastSlotAt: row.lastSlotAt.getTime(),
      },
      to: { health: "unknown", outcome: "unknown" },
      at: row.lastSlotAt.getTime() + row.intervalMs,
    }));
}

function hasSeveralVoters(states: readonly StateRow[], { checkNumber }: Transition): boolean {
  return states.filter((row) => row.checkNumber === checkNumber && row.counts).length > 1;
}

function isOf(row: StateRow, transition: Transition): boolean {
  return row.checkNumber === transition.checkNumber && row.regionId === transition.regionId;
}

function stillBelieved(state: StateRow, from: Belief): boolean {
  return state.health === from.health && state.outcome === outcomeCode(from.outcome);
}

/** The checks with their components locked, which is what makes transitions of one component take turns. */
async function lockSubjects(
  tx: Transaction,
  numbers: readonly number[],
): Promise<Map<number, EpisodeSubject>> {
  const checks = await tx.check.findMany({
    where: { number: { in: [...numbers] } },
    select: { id: true, number: true, componentId: true, intervalMs: true },
  });
  await lockComponents(tx, [...new Set(checks.map((check) => check.componentId))]);
  return new Map(
    checks.map(({ id, number, ...check }) => [number, { checkId: id, checkNumber: number, ...check }]),
  );
}

async function lockStates(tx: Transaction, numbers: readonly number[]): Promise<StateRow[]> {
  return tx.$queryRaw<StateRow[]>`
    SELECT s.check_number AS "checkNumber", s.region_id::int AS "regionId", r.name AS region,
           (c.regions = '{}' OR r.name = ANY(c.regions)) AS counts, c.quorum,
           s.health::text, s.outcome::int, s.last_slot_at AS "lastSlotAt"
    FROM check_states s
    JOIN checks c ON c.number = s.check_number
    JOIN regions r ON r.id = s.region_id
    WHERE s.check_number = ANY(${[...numbers]}::int[])
    ORDER BY s.check_number, s.region_id FOR UPDATE OF s`;
}

async function changeState(tx: Transaction, { checkNumber, regionId, to, at }: Transition): Promise<void> {
  await tx.checkState.update({
    where: { checkNumber_regionId: { checkNumber, regionId } },
    data: { health: to.health, outcome: outcomeCode(to.outcome), since: new Date(at) },
  });
}

/**
 * Opens, reopens, splits, widens or closes the check's episode, whichever the regions' votes ask for now.
 * @returns whether strangers will see a difference
 */
async function followEpisode(
  tx: Transaction,
  subject: EpisodeSubject,
  states: readonly StateRow[],
  at: Date,
): Promise<boolean> {
  const voters = states.filter((row) => row.checkNumber === subject.checkNumber && row.counts);
  const votes = voters.map(voteOf);
  const verdict = quorum(votes, quorumRuleOf(voters[0]?.quorum ?? "majority"));
  const seenFrom = voters.filter((row) => isFailing(row.health)).map((row) => row.region);
  const open = await findOpenEpisode(tx, subject.checkId);
  if (!isFailing(verdict.health)) return open !== null && closeEpisode(tx, subject, at);
  if (open !== null && open.outcome === outcomeCode(verdict.outcome)) {
    const widened = await addEpisodeRegions(tx, subject.checkId, seenFrom);
    await saveEpisodeVotes(tx, subject.checkId, votes);
    return widened;
  }
  if (open !== null) await closeEpisode(tx, subject, at);
  await openEpisode(tx, subject, verdict.outcome, at, seenFrom);
  await saveEpisodeVotes(tx, subject.checkId, votes);
  return true;
}
