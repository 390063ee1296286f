import { listOpenMaintenances } from "#lib/public/listing.ts";
import { toMaintenance } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** Maintenance that is going on. */
export function GET(): Promise<Response> {
  return answerStatuspage(async (context) => {
    const open = await listOpenMaintenances(database());
    const wanted = open.filter(({ status }) => status === "in_progress" || status === "verifying");
    return { scheduled_maintenances: wanted.map((each) => toMaintenance(each, context)) };
  });
}
