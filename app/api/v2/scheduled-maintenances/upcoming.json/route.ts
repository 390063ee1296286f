import { listOpenMaintenances } from "#lib/public/listing.ts";
import { toMaintenance } from "#lib/statuspage/map.ts";
import { database } from "#lib/store/client.ts";

import { answerStatuspage } from "../../../_answer/statuspage.ts";

export const dynamic = "force-dynamic";

/** Maintenance that has not begun. */
export function GET(): Promise<Response> {
  return answerStatuspage(async (context) => {
    const open = await listOpenMaintenances(database());
    const wanted = open.filter(({ status }) => status === "scheduled");
    return { scheduled_maintenances: wanted.map((each) => toMaintenance(each, context)) };
  });
}
