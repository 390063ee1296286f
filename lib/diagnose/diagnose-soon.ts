import { setTimeout as sleep } from "node:timers/promises";

import type { Log } from "#lib/base/log.ts";
import type { Database } from "#lib/store/client.ts";

import { diagnoseEpisodes } from "./diagnose-episodes.ts";

export interface Diagnosing {
  /** Has the check's episode thought over soon; returns at once. */
  ask(checkNumber: number): void;
  /** Waits for what is under way, `withinMs` at the most. */
  drain(withinMs: number): Promise<void>;
}

/**
 * Thinks over what has just changed, beside the looks: one round at a time, with all checks that
 * were asked for meanwhile in the next. What fails is logged; the chore comes to it again.
 */
export function createDiagnosing(db: Database, log: Log): Diagnosing {
  const asked = new Set<number>();
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (asked.size > 0) {
      const checkNumbers = [...asked];
      asked.clear();
      try {
        await diagnoseEpisodes(db, new Date(), { checkNumbers });
      } catch (error) {
        log.warn("causes could not be told, the chore will try again", { error });
      }
    }
    running = null;
  }

  return {
    ask: (checkNumber) => {
      asked.add(checkNumber);
      running ??= run();
    },
    drain: async (withinMs) => {
      const done = new AbortController();
      await Promise.race([running, sleep(withinMs, undefined, { signal: done.signal }).catch(() => {})]);
      done.abort();
    },
  };
}
