import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import type { MaintenanceStatus } from "#lib/model/status.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database, Transaction } from "#lib/store/client.ts";
import { refreshComponentStatus } from "#lib/store/component-status.ts";
import {
  changeMaintenance,
  findMaintenance,
  insertMaintenanceUpdate,
  type MaintenanceDetail,
} from "#lib/store/maintenances.ts";
import { leaveEvent } from "#lib/store/outbox.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";

import { maintenanceNoteSchema, type MaintenanceNoteInput } from "./input.ts";

/** What one step does to a maintenance, and what visitors are told. */
export interface Step {
  /** For the audit log: "maintenance.started". */
  readonly action: string;
  readonly body: string;
  readonly change: {
    readonly status: MaintenanceStatus;
    readonly startedAt?: Date;
    readonly completedAt?: Date;
    readonly scheduledFor?: Date;
    readonly scheduledUntil?: Date;
  };
}

/** The maintenance is gone, or was never there. */
export function noSuchMaintenance(): GatewatchError {
  return new GatewatchError("NOT_FOUND", "There is no such maintenance; it may have been removed meanwhile.");
}

/** A step that makes no sense from where the maintenance stands. */
export function notFromHere(message: string): GatewatchError {
  return new GatewatchError("INPUT_INVALID", message);
}

/**
 * Takes a step if nobody else took one since `maintenance` was read: the change, the update that
 * tells of it, the event, the audit entry, the components' statuses, the public version.
 * @returns false when somebody was faster; nothing is stored then
 */
export async function takeStep(
  tx: Transaction,
  actor: Actor,
  maintenance: Pick<MaintenanceDetail, "id" | "revision" | "status" | "components">,
  step: Step,
  now: Date,
): Promise<boolean> {
  const { id, revision } = maintenance;
  if (!(await changeMaintenance(tx, { id, revision }, step.change))) return false;
  const updateId = await insertMaintenanceUpdate(tx, {
    maintenanceId: id,
    status: step.change.status,
    body: step.body,
    displayAt: now,
    authorId: actor.id,
  });
  await leaveEvent(tx, "maintenance.updated", { maintenanceId: id, updateId });
  const { scheduledFor, scheduledUntil } = step.change;
  await writeAudit(tx, {
    actor,
    action: step.action,
    target: { type: "maintenance", id },
    detail: {
      from: maintenance.status,
      to: step.change.status,
      ...(scheduledFor === undefined ? {} : { scheduledFor: scheduledFor.toISOString() }),
      ...(scheduledUntil === undefined ? {} : { scheduledUntil: scheduledUntil.toISOString() }),
    },
  });
  await refreshComponentStatus(
    tx,
    maintenance.components.map(({ componentId }) => componentId),
    now,
  );
  await bumpPublicVersion(tx);
  return true;
}

/**
 * A step by hand: reads the maintenance, lets `decide` say what happens, and takes the step.
 * @param revision the one the person has seen
 * @throws GatewatchError NOT_FOUND, CONFLICT, and what `decide` throws
 */
export async function stepByHand(
  db: Database,
  actor: Actor,
  key: { readonly id: string; readonly revision: number },
  decide: (maintenance: MaintenanceDetail) => Step,
  now: Date,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const maintenance = await findMaintenance(tx, key.id);
    if (maintenance === null) throw noSuchMaintenance();
    // told before `decide` complains about a state that the person has not seen
    const taken =
      maintenance.revision === key.revision &&
      (await takeStep(tx, actor, maintenance, decide(maintenance), now));
    if (!taken) {
      throw new GatewatchError(
        "CONFLICT",
        "This maintenance changed while you were looking at it. See how it stands now, then send yours again: your text is kept.",
      );
    }
  });
}

/**
 * A step by hand of which visitors are told by a note: parses the note, then as `stepByHand`.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT, and what `decide` throws
 */
export async function stepWithNote(
  db: Database,
  actor: Actor,
  note: { readonly id: string; readonly input: MaintenanceNoteInput },
  decide: (status: MaintenanceStatus) => Omit<Step, "body">,
  now: Date,
): Promise<void> {
  const { revision, body } = parseInput(maintenanceNoteSchema, note.input);
  await stepByHand(db, actor, { id: note.id, revision }, ({ status }) => ({ ...decide(status), body }), now);
}
