import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import type { MaintenanceNoteInput } from "./input.ts";
import { notFromHere, stepWithNote } from "./step.ts";

/**
 * Ends a maintenance by hand; from here on the checks speak for its components again.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function completeMaintenance(
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
      if (status !== "in_progress" && status !== "verifying") {
        throw notFromHere(
          "Only a maintenance that has begun can be completed; a scheduled one is cancelled.",
        );
      }
      return { action: "maintenance.completed", change: { status: "completed", completedAt: now } };
    },
    now,
  );
}
