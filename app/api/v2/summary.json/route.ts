import { listOpenIncidents, listOpenMaintenances } from "#lib/public/listing.ts";
import { toComponents, toIncident, toMaintenance, toStatus } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** Components, open incidents, maintenance that is not over, and the banner. */
export function GET(): Promise<Response> {
  return answerStatuspage(async (context) => {
    const [incidents, maintenances] = await Promise.all([
      listOpenIncidents(database()),
      listOpenMaintenances(database()),
    ]);
    return {
      components: toComponents(context.listing),
      incidents: incidents.map((incident) => toIncident(incident, context)),
      scheduled_maintenances: maintenances.map((maintenance) => toMaintenance(maintenance, context)),
      status: toStatus(context.listing.indicator),
    };
  });
}
