import type { Trouble } from "#components/admin/trouble-list.tsx";
import type { ComponentStatus } from "#lib/model/status.ts";
import { faultSummary, toPublicEpisode } from "#lib/public/episodes.ts";
import { readCatalog } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";
import { readOpenEpisodes } from "#lib/store/public-errors.ts";

/** Worst first; planned work and missing data are no trouble. */
const URGENCY: Readonly<Partial<Record<ComponentStatus, number>>> = {
  major_outage: 3,
  partial_outage: 2,
  degraded_performance: 1,
};

/** What is broken now, whether there is anything to break, and whether parts of the sample are left. */
export async function readNow(): Promise<{ troubles: Trouble[]; isEmpty: boolean; hasSample: boolean }> {
  const db = database();
  const [{ groups, ungrouped }, open] = await Promise.all([readCatalog(db), readOpenEpisodes(db)]);
  const components = [...groups.flatMap((group) => group.components), ...ungrouped];
  const episodes = open.map(toPublicEpisode);
  const troubles = components
    .filter(({ status }) => URGENCY[status] !== undefined)
    .toSorted((a, b) => (URGENCY[b.status] ?? 0) - (URGENCY[a.status] ?? 0))
    .map(({ id, name, status, statusSince }) => ({
      componentId: id,
      name,
      status,
      since: statusSince.toISOString(),
      faults: [...new Set(episodes.filter(({ componentId }) => componentId === id).map(faultSummary))],
    }));
  return {
    troubles,
    isEmpty: components.length === 0,
    hasSample: components.some(({ managedBy }) => managedBy === "sample"),
  };
}
