import { readLiveState } from "#lib/public/live-state.ts";
import { database } from "#lib/store/client.ts";

import { answer } from "../_answer/errors.ts";
import { LIVE, publicJson } from "../_answer/json.ts";

export const dynamic = "force-dynamic";

/** What an open page polls. */
export function GET(): Promise<Response> {
  return answer(async () => publicJson(await readLiveState(database(), { now: Date.now() }), LIVE));
}
