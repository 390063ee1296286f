import { setTimeout as sleep } from "node:timers/promises";

import type { Log } from "#lib/base/log.ts";
import type { Change } from "#lib/detect/decide.ts";
import { createSight, type RegionSight } from "#lib/detect/sight.ts";
import type { Standings } from "#lib/detect/standings.ts";
import type { CheckSpec } from "#lib/model/check.ts";

import type { LookAgain } from "#lib/schedule/pipeline.ts";

import type { OutsideWorld } from "./canaries.ts";

export interface SightOptions {
  /** Name of the region. */
  readonly region: string;
  readonly outside: OutsideWorld;
  readonly standings: Standings;
  /** Writes down a belief that ended; resolves when it is kept. */
  readonly write: (checkNumber: number, change: Change) => Promise<void>;
  /** Notes for everybody that the region is blind since then, or sees again (null). Tried again when it throws. */
  readonly note: (blind: { readonly since: number; readonly reason: string } | null) => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

export interface OpenSight extends RegionSight {
  onLookAgain(again: LookAgain): () => void;
}

const REASON = "Most checks began to fail at once, and nothing outside answers.";
const NOTE_AGAIN_MS = 2_000;
/** Checks that are looked at at once when a region sees again; the next ones follow. */
const AT_ONCE = 100;
const NEXT_AFTER_MS = 100;

/** A region's sight with what follows from it: beliefs end, the team and the page are told. */
export function openSight(options: SightOptions): OpenSight {
  const { region, outside, standings, write, note, log, now } = options;
  const listeners = new Set<LookAgain>();
  const say = noteLatest(note, log);

  /** Each slot in hand has a share of the checks. */
  function lookAgain(checks: readonly CheckSpec[], limit: number): CheckSpec[] {
    const begun: CheckSpec[] = [];
    for (const listener of listeners) {
      if (begun.length < limit) begun.push(...listener(checks, limit - begun.length));
    }
    return begun;
  }

  /** All of them, a few at a time. */
  function lookAtAll(checks: readonly CheckSpec[]): void {
    lookAgain(checks.slice(0, AT_ONCE), AT_ONCE);
    if (checks.length > AT_ONCE) setTimeout(() => lookAtAll(checks.slice(AT_ONCE)), NEXT_AFTER_MS).unref();
  }

  async function endBeliefs(since: number): Promise<void> {
    const changes = [...standings.endAll(since)];
    await Promise.all(
      changes.map(async ([checkNumber, change]) => {
        const release = standings.hold(checkNumber);
        await write(checkNumber, change).finally(release);
      }),
    );
  }

  const sight = createSight({
    askOutside: (failing, since) => outside.ask(failing, since),
    chosen: () => outside.chosen(),
    believes: (checkNumber) => standings.belief(checkNumber).health,
    lookAgain,
    lookAtAll,
    wentBlind: (since) => {
      log.warn("this region is blind: it has lost its own network", { region, since: new Date(since) });
      say({ since, reason: REASON });
      endBeliefs(since).catch((error: unknown) => log.error("a belief could not be ended", { error }));
    },
    sees: (since) => {
      log.warn("this region sees again", { region, blindSince: new Date(since) });
      say(null);
    },
    now,
  });

  return {
    ...sight,
    onLookAgain: (again) => {
      listeners.add(again);
      return () => listeners.delete(again);
    },
  };
}

/** Notes the latest state until it is noted: the database may be what is away. */
function noteLatest(note: SightOptions["note"], log: Log): (state: Parameters<typeof note>[0]) => void {
  let wanted: { readonly state: Parameters<typeof note>[0] } | null = null;
  let busy = false;
  async function run(): Promise<void> {
    busy = true;
    while (wanted !== null) {
      const current = wanted;
      try {
        await note(current.state);
        if (wanted === current) wanted = null;
      } catch (error) {
        log.debug("a region's state was not noted, trying again", { error });
        await sleep(NOTE_AGAIN_MS, undefined, { ref: false });
      }
    }
    busy = false;
  }
  return (state) => {
    wanted = { state };
    if (!busy) void run();
  };
}
