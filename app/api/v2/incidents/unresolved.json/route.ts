import { listOpenIncidents } from "#lib/public/listing.ts";
import { toIncident } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** Incidents that are investigated, identified or monitored. */
export function GET(): Promise<Response> {
  return answerStatuspage(async (context) => ({
    incidents: (await listOpenIncidents(database())).map((incident) => toIncident(incident, context)),
  }));
}
