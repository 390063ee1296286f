import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import type { MaintenanceNoteInput } from "./input.ts";
import { notFromHere, stepWithNote } from "./step.ts";

/**
 * Begins a maintenance by hand, before its time.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function startMaintenance(
  db: Database,
  actor: Actor,
  id: string,
  input: MaintenanceNoteInput,
  now: Date,
): Promise<void> {
  await stepWithNote(
    db,
    actor,
    { id, input },
    (status) => {
      if (status !== "scheduled") throw notFromHere("Only a scheduled maintenance can be started.");
      return { action: "maintenance.started", change: { status: "in_progress", startedAt: now } };
    },
    now,
  );
}
