import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { changeIncident, findIncident, rewriteIncidentUpdate } from "#lib/store/incidents.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";

import { noSuchIncident, overtaken } from "./conflict.ts";
import {
  renameIncidentSchema,
  rewriteUpdateSchema,
  type RenameIncidentInput,
  type RewriteUpdateInput,
} from "./input.ts";

/**
 * Gives the incident another name. Nobody is notified: it is a correction.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function renameIncident(
  db: Database,
  actor: Actor,
  id: string,
  input: RenameIncidentInput,
): Promise<void> {
  const { revision, name } = parseInput(renameIncidentSchema, input);
  await db.$transaction(async (tx) => {
    const incident = await findIncident(tx, id);
    if (incident === null) throw noSuchIncident();
    if (!(await changeIncident(tx, { id, revision }, { name }))) throw overtaken();
    await writeAudit(tx, {
      actor,
      action: "incident.renamed",
      target: { type: "incident", id },
      detail: { from: incident.name, to: name },
    });
    await bumpPublicVersion(tx);
  });
}

/**
 * Corrects the text of an update that is already out; the audit log keeps the old one.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, CONFLICT
 */
export async function rewriteUpdate(
  db: Database,
  actor: Actor,
  id: string,
  input: RewriteUpdateInput,
): Promise<void> {
  const { revision, updateId, body } = parseInput(rewriteUpdateSchema, input);
  await db.$transaction(async (tx) => {
    const incident = await findIncident(tx, id);
    if (incident === null) throw noSuchIncident();
    const before = incident.updates.find((update) => update.id === updateId);
    if (before === undefined)
      throw new GatewatchError("NOT_FOUND", "There is no such update on this incident.");
    if (!(await changeIncident(tx, { id, revision }, {}))) throw overtaken();
    await rewriteIncidentUpdate(tx, { id: updateId, incidentId: id }, body);
    await writeAudit(tx, {
      actor,
      action: "incident.update_rewritten",
      target: { type: "incident", id },
      detail: { updateId, from: before.body, to: body },
    });
    await bumpPublicVersion(tx);
  });
}
