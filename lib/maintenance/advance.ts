import { SCHEDULER } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { findMaintenance, listDueMaintenances, type MaintenanceDetail } from "#lib/store/maintenances.ts";

import { takeStep, type Step } from "./step.ts";

/** More than anybody plans for one moment; the rest waits for the next round. */
const BATCH = 50;

/** The step that is due, or null. Pure. */
export function dueStep(
  maintenance: Pick<MaintenanceDetail, "status" | "scheduledFor" | "scheduledUntil" | "startedAt">,
  now: Date,
): Step | null {
  const { status, scheduledFor, scheduledUntil } = maintenance;
  if (status === "completed") return null;
  if (scheduledUntil <= now) {
    return {
      action: "maintenance.completed",
      body: "The scheduled maintenance has been completed.",
      // nobody was there to start it: the window passed as announced
      change: { status: "completed", startedAt: maintenance.startedAt ?? scheduledFor, completedAt: now },
    };
  }
  if (status !== "scheduled" || scheduledFor > now) return null;
  return {
    action: "maintenance.started",
    body: "The scheduled maintenance is in progress.",
    change: { status: "in_progress", startedAt: now },
  };
}

/**
 * Begins and ends what is due. Any number of workers may call it at the same moment and again at
 * once: each step is taken by one of them. Run it every second or two.
 * @returns how many steps this call took
 */
export async function advanceMaintenances(db: Database, now: Date): Promise<number> {
  let taken = 0;
  for (const id of await listDueMaintenances(db, now, BATCH)) {
    const advanced = await db.$transaction(async (tx) => {
      const maintenance = await findMaintenance(tx, id);
      const step = maintenance === null ? null : dueStep(maintenance, now);
      return maintenance !== null && step !== null && takeStep(tx, SCHEDULER, maintenance, step, now);
    });
    if (advanced) taken += 1;
  }
  return taken;
}
