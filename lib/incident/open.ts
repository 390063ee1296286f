import { parseInput } from "#lib/base/parse.ts";
import { impactOf } from "#lib/model/status.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { refreshComponentStatus } from "#lib/store/component-status.ts";
import { insertIncident, insertIncidentUpdate, stateComponents } from "#lib/store/incidents.ts";
import { leaveEvent } from "#lib/store/outbox.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";

import { openIncidentSchema, type OpenIncidentInput } from "./input.ts";
import { layOver } from "./statements.ts";

/**
 * Opens an incident with its first update; visitors see it as soon as this returns.
 * @param now when it began
 * @throws GatewatchError INPUT_INVALID
 */
export async function openIncident(
  db: Database,
  actor: Actor,
  input: OpenIncidentInput,
  now: Date,
): Promise<{ id: string; code: string }> {
  const { name, status, body, components } = parseInput(openIncidentSchema, input);
  return db.$transaction(async (tx) => {
    const { stated, changes, after } = await layOver(tx, [], components);
    const incident = await insertIncident(tx, {
      name,
      status,
      impact: impactOf(after),
      startedAt: now,
      monitoringAt: status === "monitoring" ? now : null,
      createdById: actor.id,
    });
    await stateComponents(tx, incident.id, stated);
    const updateId = await insertIncidentUpdate(tx, {
      incidentId: incident.id,
      status,
      body,
      displayAt: now,
      authorId: actor.id,
      changes,
    });
    await leaveEvent(tx, "incident.updated", { incidentId: incident.id, updateId });
    await writeAudit(tx, {
      actor,
      action: "incident.opened",
      target: { type: "incident", id: incident.id },
      detail: { name, status, components },
    });
    await refreshComponentStatus(
      tx,
      components.map(({ id }) => id),
      now,
    );
    await bumpPublicVersion(tx);
    return incident;
  });
}
