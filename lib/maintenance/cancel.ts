import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import type { MaintenanceNoteInput } from "./input.ts";
import { notFromHere, stepWithNote } from "./step.ts";

/**
 * Calls a maintenance off before it begins. Statuspage's words have no "cancelled": it is
 * completed without ever having started (`startedAt` stays null), and the update says why.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function cancelMaintenance(
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
      if (status !== "scheduled") throw notFromHere("This maintenance has begun; complete it instead.");
      return { action: "maintenance.cancelled", change: { status: "completed", completedAt: now } };
    },
    now,
  );
}
