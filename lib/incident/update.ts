import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import type { IncidentStatus } from "#lib/model/status.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { refreshComponentStatus } from "#lib/store/component-status.ts";
import { changeIncident, findIncident, insertIncidentUpdate, stateComponents } from "#lib/store/incidents.ts";
import { leaveEvent } from "#lib/store/outbox.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";

import { noSuchIncident, overtaken } from "./conflict.ts";
import { updateIncidentSchema, type UpdateIncidentInput } from "./input.ts";
import { layOver, risenImpact } from "./statements.ts";

interface Moments {
  readonly status: IncidentStatus;
  readonly monitoringAt: Date | null;
  readonly resolvedAt: Date | null;
}

/**
 * What the new status does to the incident's moments: the first look counts as monitoring, and an
 * open status on a resolved incident opens it again.
 * @throws GatewatchError INPUT_INVALID for a postmortem on what is not resolved
 */
function momentsAfter(before: Moments, status: IncidentStatus, now: Date): Moments {
  if (status === "postmortem" && before.resolvedAt === null) {
    throw new GatewatchError("INPUT_INVALID", "Some fields need another look.", {
      problems: [{ path: "status", message: "Resolve the incident first; a postmortem looks back." }],
    });
  }
  const over = status === "resolved" || status === "postmortem";
  return {
    status,
    monitoringAt: status === "monitoring" ? (before.monitoringAt ?? now) : before.monitoringAt,
    resolvedAt: over ? (before.resolvedAt ?? now) : null,
  };
}

/**
 * Adds an update: a new status, a text, and what is now said of components. Components that are
 * not named keep what was said of them; `resolved` releases all of them.
 * @throws GatewatchError INPUT_INVALID; NOT_FOUND; CONFLICT when somebody else wrote since
 *   `input.revision` (nothing is stored then)
 */
export async function updateIncident(
  db: Database,
  actor: Actor,
  id: string,
  input: UpdateIncidentInput,
  now: Date,
): Promise<void> {
  const { revision, status, body, components } = parseInput(updateIncidentSchema, input);
  await db.$transaction(async (tx) => {
    const incident = await findIncident(tx, id);
    if (incident === null) throw noSuchIncident();
    const moments = momentsAfter(incident, status, now);
    const released = incident.components.map(({ componentId }) => ({
      id: componentId,
      status: "operational" as const,
    }));
    const said = moments.resolvedAt === null ? components : released;
    const { stated, changes, after } = await layOver(tx, incident.components, said);
    const impact = risenImpact(incident.impact, after);
    if (!(await changeIncident(tx, { id, revision }, { ...moments, impact }))) throw overtaken();
    await stateComponents(tx, id, stated);
    const updateId = await insertIncidentUpdate(tx, {
      incidentId: id,
      status,
      body,
      displayAt: now,
      authorId: actor.id,
      changes,
    });
    await leaveEvent(tx, "incident.updated", { incidentId: id, updateId });
    await writeAudit(tx, {
      actor,
      action: "incident.updated",
      target: { type: "incident", id },
      detail: { from: incident.status, to: status, components: changes.map((change) => ({ ...change })) },
    });
    const affected = new Set([...incident.components, ...stated].map(({ componentId }) => componentId));
    await refreshComponentStatus(tx, [...affected], now);
    await bumpPublicVersion(tx);
  });
}
