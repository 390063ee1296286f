import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import type { MaintenanceNoteInput } from "./input.ts";
import { notFromHere, stepWithNote } from "./step.ts";

/**
 * Says that the work is done and being looked at; components stay under maintenance.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function verifyMaintenance(
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
      if (status !== "in_progress") throw notFromHere("Only a maintenance in progress can be verified.");
      return { action: "maintenance.verifying", change: { status: "verifying" } };
    },
    now,
  );
}
