import { parseInput } from "#lib/base/parse.ts";
import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import { maintenanceNoteSchema, type MaintenanceNoteInput } from "./input.ts";
import { notFromHere, stepByHand } from "./step.ts";

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
  const { revision, body } = parseInput(maintenanceNoteSchema, input);
  await stepByHand(
    db,
    actor,
    { id, revision },
    ({ status }) => {
      if (status !== "scheduled") throw notFromHere("Only a scheduled maintenance can be started.");
      return { action: "maintenance.started", body, change: { status: "in_progress", startedAt: now } };
    },
    now,
  );
}
