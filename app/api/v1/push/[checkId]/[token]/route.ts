import { isPushToken } from "#lib/auth/push-token.ts";
import { GatewatchError, isGatewatchError, messageOf } from "#lib/base/errors.ts";
import { isUuid } from "#lib/base/id.ts";
import { createLog } from "#lib/base/log.ts";
import { createRateLimit } from "#lib/base/rate-limit.ts";
import { lookOutOfTurn } from "#lib/pipeline.ts";
import { database } from "#lib/store/client.ts";
import { findPushCheck, readHealthByRegion, recordPush, type PushCheck } from "#lib/store/push-signals.ts";

import { toResponse } from "../../../../_answer/errors.ts";
import { secret } from "../../../../../admin/_server/session.ts";
import { readReport } from "./report.ts";

export const dynamic = "force-dynamic";

const log = createLog("push");

// only who has a valid token gets as far as this: there are no more keys than checks
const limit = createRateLimit({ burst: 10, everyMs: 1_000 });

interface Context {
  readonly params: Promise<{ readonly checkId: string; readonly token: string }>;
}

/** A job reports; also with GET, which is what every tool can send. */
export function GET(request: Request, context: Context): Promise<Response> {
  return report(request, context);
}

export function POST(request: Request, context: Context): Promise<Response> {
  return report(request, context);
}

/** Whether the address is right; it counts as no call, unlike the GET that Next would make of it. */
export async function HEAD(_: Request, context: Context): Promise<Response> {
  try {
    await requireCheck(context);
    return new Response(null, { headers: NOT_KEPT });
  } catch (error) {
    return new Response(null, { status: toResponse(error).status, headers: NOT_KEPT });
  }
}

const NOT_KEPT = { "Cache-Control": "no-store" };

async function report(request: Request, context: Context): Promise<Response> {
  try {
    const check = await requireCheck(context);
    const signal = await readReport(request);
    await recordPush(database(), check.number, signal);
    await countAtOnce(check, signal.ok);
    return Response.json({ status: signal.ok ? "up" : "down" }, { headers: NOT_KEPT });
  } catch (error) {
    const response = toResponse(error);
    if (isGatewatchError(error, "RATE_LIMITED")) response.headers.set("Retry-After", "1");
    return response;
  }
}

/**
 * The check that the address belongs to.
 * @throws GatewatchError NOT_FOUND for a wrong id, a wrong token, and a check that is gone, all alike;
 *   RATE_LIMITED
 */
async function requireCheck({ params }: Context): Promise<PushCheck> {
  const { checkId, token } = await params;
  const authentic = isUuid(checkId) && isPushToken(token, secret(), checkId);
  if (authentic && !limit.take(checkId, Date.now())) {
    throw new GatewatchError("RATE_LIMITED", "This check is called too often; once a second is enough.");
  }
  const check = authentic ? await findPushCheck(database(), checkId) : null;
  if (check !== null) return check;
  throw new GatewatchError(
    "NOT_FOUND",
    "There is no such address; copy it whole from the check's page in the admin area.",
  );
}

/** News is judged now; whatever only confirms what is believed can wait for the check's next look. */
async function countAtOnce(check: PushCheck, ok: boolean): Promise<void> {
  try {
    const beliefs = await readHealthByRegion(database(), check.number);
    const surprised = beliefs.filter(({ health }) => (health === "up") !== ok).map(({ region }) => region);
    await lookOutOfTurn(database(), check.number, surprised, log);
  } catch (error) {
    // the call itself is stored: the next look counts it
    log.warn("a call could not be counted at once", { check: check.id, reason: messageOf(error) });
  }
}
