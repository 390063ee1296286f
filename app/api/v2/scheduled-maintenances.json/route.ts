import { listMaintenances } from "#lib/public/listing.ts";
import { toMaintenance } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** The 50 maintenances scheduled latest. */
export function GET(): Promise<Response> {
  return answerStatuspage(async (context) => ({
    scheduled_maintenances: (await listMaintenances(database())).map((each) => toMaintenance(each, context)),
  }));
}
