import type { Database } from "#lib/store/client.ts";
import {
  findIncident,
  findMaintenance,
  readLatestIncidents,
  readLatestMaintenances,
  readOpenIncidents,
  readOpenMaintenances,
} from "#lib/store/public-incidents.ts";

import { toPublicIncident, toPublicMaintenance } from "./incidents.ts";
import { readStanding } from "./standing.ts";
import type { Listing, PublicIncident, PublicMaintenance } from "./types.ts";

/** As many as Statuspage lists. */
const LISTED = 50;

/** Components, groups and the banner as of `now` (epoch milliseconds), without any history. */
export async function readListing(db: Database, { now }: { readonly now: number }): Promise<Listing> {
  const { version, page, indicator, groups, components } = await readStanding(db, now);
  const known = new Set(groups.map((group) => group.id));
  return {
    version,
    page,
    indicator,
    groups: groups.map(({ id, name, position, createdAt, updatedAt }) => ({
      id,
      name,
      position,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    })),
    components: components.map(({ row, status, since }) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      status,
      groupId: row.groupId !== null && known.has(row.groupId) ? row.groupId : null,
      position: row.position,
      showcase: row.showcase,
      startDate: row.startDate?.toISOString().slice(0, 10) ?? null,
      onlyShowIfDegraded: row.onlyShowIfDegraded,
      createdAt: row.createdAt.toISOString(),
      // a change of status is one as well
      updatedAt: new Date(Math.max(row.updatedAt.getTime(), since.getTime())).toISOString(),
    })),
  };
}

/** The 50 most recent incidents, newest first. */
export async function listIncidents(db: Database): Promise<PublicIncident[]> {
  return (await readLatestIncidents(db, LISTED)).map(toPublicIncident);
}

/** Incidents that are not resolved, newest first. */
export async function listOpenIncidents(db: Database): Promise<PublicIncident[]> {
  return (await readOpenIncidents(db)).map(toPublicIncident);
}

/** The 50 maintenances scheduled latest, latest first. */
export async function listMaintenances(db: Database): Promise<PublicMaintenance[]> {
  return (await readLatestMaintenances(db, LISTED)).map(toPublicMaintenance);
}

/** Maintenance that is not completed: in progress first, then by its time. */
export async function listOpenMaintenances(db: Database): Promise<PublicMaintenance[]> {
  return (await readOpenMaintenances(db)).map(toPublicMaintenance);
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The incident or maintenance of an id or a public code; null when there is none. */
export async function findSubject(
  db: Database,
  idOrCode: string,
): Promise<{ readonly incident: PublicIncident } | { readonly maintenance: PublicMaintenance } | null> {
  const by = ID.test(idOrCode) ? { id: idOrCode } : { code: idOrCode };
  const [incident, maintenance] = await Promise.all([findIncident(db, by), findMaintenance(db, by)]);
  if (incident !== null) return { incident: toPublicIncident(incident) };
  return maintenance === null ? null : { maintenance: toPublicMaintenance(maintenance) };
}
