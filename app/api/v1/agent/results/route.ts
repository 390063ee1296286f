import { serveResults } from "#lib/agent/serve-results.ts";
import { MAX_BODY_BYTES } from "#lib/agent/wire.ts";

import { answer } from "../../../_answer/errors.ts";
import { readJsonBody } from "../../../_answer/body.ts";
import { requireAgent } from "../region.ts";

export const dynamic = "force-dynamic";

/** An agent hands in what it saw. */
export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const caller = await requireAgent(request);
    const received = await serveResults(caller, await readJsonBody(request, MAX_BODY_BYTES));
    return Response.json(received, { headers: { "Cache-Control": "no-store" } });
  });
}
