import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { countLiveComponents, insertMaintenance, insertMaintenanceUpdate } from "#lib/store/maintenances.ts";
import { leaveEvent } from "#lib/store/outbox.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";

import { scheduleMaintenanceSchema, type ScheduleMaintenanceInput } from "./input.ts";

function invalid(path: string, message: string): GatewatchError {
  return new GatewatchError("INPUT_INVALID", "Some fields need another look.", {
    problems: [{ path, message }],
  });
}

/**
 * Announces a maintenance. It begins and ends by itself (`advanceMaintenances`); a start that has
 * just passed begins at once.
 * @throws GatewatchError INPUT_INVALID
 */
export async function scheduleMaintenance(
  db: Database,
  actor: Actor,
  input: ScheduleMaintenanceInput,
  now: Date,
): Promise<{ id: string; code: string }> {
  const { body, ...window } = parseInput(scheduleMaintenanceSchema, input);
  const componentIds = [...new Set(window.componentIds)];
  if (window.scheduledUntil <= now)
    throw invalid("scheduledUntil", "This end has passed already; choose one to come.");
  return db.$transaction(async (tx) => {
    if ((await countLiveComponents(tx, componentIds)) < componentIds.length) {
      throw invalid("components", "One of these components was archived meanwhile; reload and choose again.");
    }
    const maintenance = await insertMaintenance(tx, { ...window, componentIds, createdById: actor.id });
    const updateId = await insertMaintenanceUpdate(tx, {
      maintenanceId: maintenance.id,
      status: "scheduled",
      body,
      displayAt: now,
      authorId: actor.id,
    });
    await leaveEvent(tx, "maintenance.updated", { maintenanceId: maintenance.id, updateId });
    await writeAudit(tx, {
      actor,
      action: "maintenance.scheduled",
      target: { type: "maintenance", id: maintenance.id },
      detail: {
        name: window.name,
        scheduledFor: window.scheduledFor.toISOString(),
        scheduledUntil: window.scheduledUntil.toISOString(),
        componentIds,
      },
    });
    await bumpPublicVersion(tx);
    return maintenance;
  });
}
