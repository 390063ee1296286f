import type { PgBoss } from "pg-boss";

import type { Log } from "#lib/base/log.ts";
import { startBoss } from "#lib/schedule/boss.ts";

// Next bundles its own copies of a module; one process still has one queue
const slot = globalThis as { [key: symbol]: Promise<PgBoss> | undefined };
const KEY = Symbol.for("gatewatch.agent-queue");

/** The process's pg-boss, started when the first agent calls: most pages never have one. */
export function agentQueue(connectionString: string, log: Log): Promise<PgBoss> {
  return (slot[KEY] ??= startBoss(connectionString, log).catch((error: unknown) => {
    // the next call tries again
    slot[KEY] = undefined;
    throw error;
  }));
}

/** Ends it, for a process that goes on. */
export async function closeAgentQueue(): Promise<void> {
  const boss = await slot[KEY]?.catch(() => undefined);
  slot[KEY] = undefined;
  await boss?.stop({ graceful: false });
}
