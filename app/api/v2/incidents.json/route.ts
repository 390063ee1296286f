import { listIncidents } from "#lib/public/listing.ts";
import { toIncident } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** The 50 most recent incidents. */
export function GET(): Promise<Response> {
  return answerStatuspage(async (context) => ({
    incidents: (await listIncidents(database())).map((incident) => toIncident(incident, context)),
  }));
}
