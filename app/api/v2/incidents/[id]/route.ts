import { findSubject } from "#lib/public/listing.ts";
import { toIncident, toMaintenance } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** `{id}.json`, by id or public code; a maintenance answers here as well, as with Statuspage. */
export function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  return answerStatuspage(async (context) => {
    const { id } = await params;
    const subject = id.endsWith(".json") ? await findSubject(database(), id.slice(0, -".json".length)) : null;
    if (subject === null) return null;
    return {
      incident:
        "incident" in subject
          ? toIncident(subject.incident, context)
          : toMaintenance(subject.maintenance, context),
    };
  });
}
