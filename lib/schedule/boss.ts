import { PgBoss } from "pg-boss";

import type { Log } from "#lib/base/log.ts";

/**
 * Starts pg-boss on the database; it keeps its tables in a schema of its own and brings them up
 * to date by itself. A database that goes away later is an entry in the log and no more.
 * @throws when the database cannot be reached now
 */
export async function startBoss(connectionString: string, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString,
    application_name: "gatewatch-queue",
    max: 4,
    connectionTimeoutMillis: 5_000,
    // what a dead worker left behind is found by this; the passes of all workers count as one
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
    maintenanceIntervalSeconds: 60,
    // chores come from a clock of ours: cron cannot do seconds
    schedule: false,
  });
  const reports = createReports(log);
  boss.on("error", (error) => reports.say("the queue had trouble", error.message, { error }));
  boss.on("warning", (warning) => reports.say("the queue warns", warning.message, { ...warning }));
  return boss.start();
}

const REPEAT_AFTER_MS = 60_000;

/** A log that says the same thing once a minute: a database that is away fails every query. */
function createReports(log: Log): { say(what: string, detail: string, fields: object): void } {
  const said = new Map<string, number>();
  return {
    say: (what, detail, fields) => {
      const key = `${what}: ${detail}`;
      const now = performance.now();
      if (now - (said.get(key) ?? -Infinity) < REPEAT_AFTER_MS) return;
      if (said.size > 100) said.clear();
      said.set(key, now);
      log.warn(key, { ...fields });
    },
  };
}
