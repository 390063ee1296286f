import type { Database } from "#lib/store/client.ts";
import { findIncident, findMaintenance } from "#lib/store/public-incidents.ts";

import { toPublicIncident, toPublicMaintenance } from "./incidents.ts";
import { readHead } from "./standing.ts";
import type { IncidentPage } from "./types.ts";

/** Everything on `/incidents/[code]`; null when no incident or maintenance has the code. */
export async function readIncidentPage(db: Database, code: string): Promise<IncidentPage | null> {
  const head = await readHead(db);
  const [incident, maintenance] = await Promise.all([
    findIncident(db, { code }),
    findMaintenance(db, { code }),
  ]);
  if (incident !== null)
    return { ...head, subject: { type: "incident", incident: toPublicIncident(incident) } };
  if (maintenance === null) return null;
  return { ...head, subject: { type: "maintenance", maintenance: toPublicMaintenance(maintenance) } };
}
