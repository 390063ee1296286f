import { readStatusPage } from "#lib/public/status-page.ts";
import { database } from "#lib/store/client.ts";

import { answer } from "../_answer/errors.ts";
import { publicJson } from "../_answer/json.ts";

export const dynamic = "force-dynamic";

/** Everything that the page shows. */
export function GET(): Promise<Response> {
  return answer(async () => publicJson(await readStatusPage(database(), { now: Date.now() })));
}
