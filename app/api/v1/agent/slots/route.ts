import { agentQueue } from "#lib/agent/serve-queue.ts";
import { serveSlots } from "#lib/agent/serve-slots.ts";
import { createLog } from "#lib/base/log.ts";
import { databaseUrl } from "#lib/config/env.ts";

import { answer } from "../../../_answer/errors.ts";
import { readJsonBody } from "../../../_answer/body.ts";
import { requireAgent } from "../region.ts";

export const dynamic = "force-dynamic";

const MAX_BYTES = 64 * 1024;
const log = createLog("agents");

/** An agent takes slots of its region and shows that it lives. */
export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const caller = await requireAgent(request);
    const body = await readJsonBody(request, MAX_BYTES);
    const boss = await agentQueue(databaseUrl(), log);
    const slots = await serveSlots({ ...caller, boss }, body);
    return Response.json(slots, { headers: { "Cache-Control": "no-store" } });
  });
}
