import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import { moveEndSchema, type MoveEndInput } from "./input.ts";
import { notFromHere, stepByHand } from "./step.ts";

/**
 * Extends a maintenance or cuts it short.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function moveMaintenanceEnd(
  db: Database,
  actor: Actor,
  id: string,
  input: MoveEndInput,
  now: Date,
): Promise<void> {
  const { revision, body, scheduledUntil } = parseInput(moveEndSchema, input);
  await stepByHand(
    db,
    actor,
    { id, revision },
    ({ status, scheduledFor }) => {
      if (status === "completed") throw notFromHere("This maintenance is over.");
      if (scheduledUntil <= now || scheduledUntil <= scheduledFor) {
        throw new GatewatchError("INPUT_INVALID", "Some fields need another look.", {
          problems: [
            { path: "scheduledUntil", message: "The new end must be to come, and after the start." },
          ],
        });
      }
      return { action: "maintenance.end_moved", body, change: { status, scheduledUntil } };
    },
    now,
  );
}
