import { parseInput } from "#lib/base/parse.ts";
import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import { maintenanceNoteSchema, type MaintenanceNoteInput } from "./input.ts";
import { notFromHere, stepByHand } from "./step.ts";

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
  const { revision, body } = parseInput(maintenanceNoteSchema, input);
  await stepByHand(
    db,
    actor,
    { id, revision },
    ({ status }) => {
      if (status !== "in_progress") throw notFromHere("Only a maintenance in progress can be verified.");
      return { action: "maintenance.verifying", body, change: { status: "verifying" } };
    },
    now,
  );
}
