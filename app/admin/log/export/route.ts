import { systemClock } from "#lib/base/clock.ts";
import { database } from "#lib/store/client.ts";

import { answer } from "../../../api/_answer/errors.ts";
import { pageZone } from "../../_server/page-zone.ts";
import { requireUser } from "../../_server/session.ts";
import { exportAnswer } from "./answer.ts";

export const dynamic = "force-dynamic";

/** The log with the filters of its page, as CSV or NDJSON. */
export async function GET(request: Request): Promise<Response> {
  const { search, searchParams } = new URL(request.url);
  // where its page would be: people follow this address as a link
  await requireUser("admin.read", `/admin/log${search}`);
  return answer(async () =>
    exportAnswer(database(), searchParams, { now: systemClock.now(), timeZone: await pageZone() }),
  );
}
