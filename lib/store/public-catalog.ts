import { watchNote } from "#lib/model/watch-note.ts";

import type { Database } from "./client.ts";
import type { Component, ComponentGroup, PageSettings } from "./generated/client.ts";

/** What the page is called, and the version that everything read afterwards is at least at. */
export interface PublicHead {
  readonly version: bigint;
  /** When the last visible change was committed. */
  readonly changedAt: Date;
  /** Null until somebody names the page. */
  readonly settings: PageSettings | null;
}

/**
 * Read this before the rest: a change that commits in between makes the rest newer than the
 * version it is labelled with, which a poll puts right; the other order would hide the change.
 */
export async function readPublicHead(db: Database): Promise<PublicHead> {
  // one after the other, for the reason above
  const state = await db.publicState.findUnique({ where: { id: 1 } });
  const settings = await db.pageSettings.findUnique({ where: { id: 1 } });
  return { version: state?.version ?? 0n, changedAt: state?.updatedAt ?? new Date(0), settings };
}

export interface PublicCatalog {
  /** By position, then name; archived ones and empty ones left out. */
  readonly groups: readonly ComponentGroup[];
  /** By position, then name; archived ones left out. */
  readonly components: readonly Component[];
}

/** Groups and components that strangers may know of. */
export async function readPublicCatalog(db: Database): Promise<PublicCatalog> {
  const [groups, components] = await Promise.all([
    db.componentGroup.findMany({
      where: { archivedAt: null, components: { some: { archivedAt: null } } },
      orderBy: [{ position: "asc" }, { name: "asc" }],
    }),
    db.component.findMany({ where: { archivedAt: null }, orderBy: [{ position: "asc" }, { name: "asc" }] }),
  ]);
  return { groups, components };
}

/** How a component is being watched: the ground for saying that its status is of now. */
export interface Watch {
  readonly componentId: string;
  /** Checks that are not archived, paused ones included. */
  readonly checks: number;
  readonly enabled: number;
  /** Shortest interval of the enabled checks in milliseconds; null without any. */
  readonly intervalMs: number | null;
  /** The latest slot that any enabled check has a result for. */
  readonly lastSlotAt: Date | null;
  /** When an enabled check was last made or changed: it has had no time to report before that. */
  readonly changedAt: Date | null;
}

/** One row for each component that has checks. */
export function readWatches(db: Database): Promise<Watch[]> {
  return db.$queryRaw<Watch[]>`
    SELECT k.component_id AS "componentId",
           count(DISTINCT k.id)::int AS "checks",
           (count(DISTINCT k.id) FILTER (WHERE k.enabled))::int AS "enabled",
           min(k.interval_ms) FILTER (WHERE k.enabled) AS "intervalMs",
           max(s.last_slot_at) FILTER (WHERE k.enabled) AS "lastSlotAt",
           max(k.updated_at) FILTER (WHERE k.enabled) AS "changedAt"
    FROM checks k
    LEFT JOIN check_states s ON s.check_number = k.number
    WHERE k.archived_at IS NULL
    GROUP BY k.component_id`;
}

/** What visitors may know of a check. */
export interface PublicCheck {
  readonly name: string;
  readonly kind: string;
  readonly intervalMs: number;
  /** What it does not see because of how it is set (lib/model/watch-note.ts). */
  readonly note?: string;
}

/** A component's enabled checks, by name; targets stay inside. */
export async function readPublicChecks(db: Database, componentId: string): Promise<PublicCheck[]> {
  const rows = await db.check.findMany({
    where: { componentId, archivedAt: null, enabled: true },
    select: { name: true, kind: true, intervalMs: true, target: true },
    orderBy: { name: "asc" },
  });
  return rows.map(({ target, ...check }) => {
    const note = watchNote(check.kind, target);
    return note === null ? check : { ...check, note };
  });
}
