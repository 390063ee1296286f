import { MINUTE } from "#lib/base/clock.ts";
import type { HealthFacts } from "#lib/store/health.ts";

const AWAY_AFTER = MINUTE;
/** What a result may be late: confirmation, a slow answer, a worker that takes over from another. */
const SLACK = MINUTE;

/**
 * Why the service is not in order although the database answers; null when all is well.
 *
 * A worker counts as away a minute after its last sign of life. Results are late when nothing has
 * come for the shortest interval and a minute, counted from when somebody could have looked.
 */
export function troubleIn(facts: HealthFacts, now: Date): string | null {
  const { workerSeenAt, workerSince, shortestIntervalMs, checkSince, lastResultAt } = facts;
  if (workerSeenAt === null) return "no worker has reported yet";
  if (now.getTime() - workerSeenAt.getTime() > AWAY_AFTER) {
    return `no worker has reported since ${workerSeenAt.toISOString()}`;
  }
  if (shortestIntervalMs === null) return null;
  const expectedSince = Math.max(...[lastResultAt, workerSince, checkSince].map((at) => at?.getTime() ?? 0));
  if (now.getTime() - expectedSince <= shortestIntervalMs + SLACK) return null;
  return lastResultAt === null
    ? "the worker has stored no result yet"
    : `the worker has stored no result since ${lastResultAt.toISOString()}`;
}
