import { requireApiKey } from "#lib/auth/api-key.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { markDeploy } from "#lib/deploy/mark.ts";
import { database } from "#lib/store/client.ts";
import type { DeployRow } from "#lib/store/deploys.ts";

import { readJsonBody } from "../../_answer/body.ts";
import { answer } from "../../_answer/errors.ts";

export const dynamic = "force-dynamic";

const BODY_MAX_BYTES = 8_192;

/** Notes that a new version went out: 201, or 200 when it was noted before. */
export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const now = new Date();
    // who may not do it is told so before anything is read
    const key = await requireApiKey(database(), request.headers.get("authorization"), "deploys", now);
    const { deploy, created } = await markDeploy(database(), {
      input: await readJsonBody(request, BODY_MAX_BYTES),
      source: key.name,
      idempotencyKey: idempotencyKeyOf(request, key.id),
      now,
    });
    return Response.json(toJson(deploy), {
      status: created ? 201 : 200,
      headers: { "Cache-Control": "no-store" },
    });
  });
}

/** Whoever calls has a space of keys to themselves. */
function idempotencyKeyOf(request: Request, caller: string): string | null {
  const key = request.headers.get("idempotency-key")?.trim() ?? "";
  if (key.length <= 200) return key === "" ? null : `${caller}/${key}`;
  throw new GatewatchError("INPUT_INVALID", "Idempotency-Key may have at most 200 characters.");
}

function toJson({ id, at, component, componentId, version, url, source }: DeployRow) {
  return { id, at: at.toISOString(), version, component: component?.slug ?? null, componentId, url, source };
}
