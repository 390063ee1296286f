import type { Belief } from "#lib/model/belief.ts";
import type { CheckSpec } from "#lib/model/check.ts";

import { decide, type Change, type Decision, type Look, type Standing } from "./decide.ts";

/** What this worker holds of each check between looks. */
export interface Standings {
  /** Takes over what the database believes; a suspicion of our own stays, unless others have looked on without us. */
  adopt(checkNumber: number, belief: Belief): void;
  /** Decides what a look means and remembers it. */
  judge(check: CheckSpec, look: Look): Decision;
  /** True while something first seen at `since` is neither confirmed nor refuted. */
  suspects(checkNumber: number, since: number): boolean;
  /** Keeps what was decided from being overwritten until it is written down. */
  hold(checkNumber: number): () => void;
  /** What is believed of a check. */
  belief(checkNumber: number): Belief;
  /**
   * Ends every belief at `at`, and drops every suspicion: the region sees nothing.
   * @returns what to write down, by check number
   */
  endAll(at: number): ReadonlyMap<number, Change>;
  /** Forgets checks that are not looked at any more. */
  keepOnly(checkNumbers: ReadonlySet<number>): void;
}

const NOTHING: Belief = { health: "unknown", outcome: "unknown", since: 0, lastSlotAt: null };

/** The database is ahead of a worker that looks itself by no more than this. */
const BEHIND_MS = 2_000;

/** The memory of `decide`. */
export function createStandings(): Standings {
  const standings = new Map<number, Standing>();
  const unwritten = new Map<number, number>();

  return {
    adopt: (checkNumber, belief) => {
      const held = standings.get(checkNumber);
      // the database does not know yet what is on its way to it
      if (held !== undefined && unwritten.has(checkNumber)) return;
      const suspicion = held?.suspicion ?? null;
      const refuted = suspicion !== null && suspicion.outcome === belief.outcome;
      // another worker has looked on while this one stood still: it knows more than an old first sight
      const behind = (belief.lastSlotAt ?? 0) - (held?.belief.lastSlotAt ?? 0) > BEHIND_MS;
      standings.set(checkNumber, {
        belief: { ...belief, lastSlotAt: latest(belief.lastSlotAt, held?.belief.lastSlotAt ?? null) },
        suspicion: refuted || behind ? null : suspicion,
      });
    },
    judge: (check, look) => {
      const standing = standings.get(check.number) ?? { belief: NOTHING, suspicion: null };
      const decision = decide(standing, look, check);
      standings.set(check.number, decision.standing);
      return decision;
    },
    suspects: (checkNumber, since) => standings.get(checkNumber)?.suspicion?.since === since,
    hold: (checkNumber) => {
      unwritten.set(checkNumber, (unwritten.get(checkNumber) ?? 0) + 1);
      return () => {
        const left = (unwritten.get(checkNumber) ?? 1) - 1;
        if (left === 0) unwritten.delete(checkNumber);
        else unwritten.set(checkNumber, left);
      };
    },
    belief: (checkNumber) => standings.get(checkNumber)?.belief ?? NOTHING,
    endAll: (at) => {
      const changes = new Map<number, Change>();
      for (const [checkNumber, { belief }] of standings) {
        const ended: Belief = {
          ...belief,
          health: "unknown",
          outcome: "unknown",
          since: Math.max(at, belief.since),
        };
        const known = belief.health !== "unknown";
        standings.set(checkNumber, { belief: known ? ended : belief, suspicion: null });
        if (known) changes.set(checkNumber, { from: belief, to: NOTHING, at: ended.since });
      }
      return changes;
    },
    keepOnly: (checkNumbers) => {
      for (const checkNumber of standings.keys()) {
        if (!checkNumbers.has(checkNumber) && !unwritten.has(checkNumber)) standings.delete(checkNumber);
      }
    },
  };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
