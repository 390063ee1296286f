import { database } from "#lib/store/client.ts";
import { readHealthFacts, type HealthFacts } from "#lib/store/health.ts";

import packageJson from "../../../package.json" with { type: "json" };
import { troubleIn } from "./judge.ts";

export const dynamic = "force-dynamic";

/** Whoever asks wants an answer while the database hangs, too. */
const PATIENCE = 1_500;

// one question at a time, however often it is asked: a hanging database must not use up the pool
let asking: Promise<HealthFacts> | undefined;

/** 200 while everything works and 503 with the reason when not; for probes of a load balancer. */
export async function GET(): Promise<Response> {
  const facts = await askWithin(PATIENCE);
  const trouble = facts === null ? "the database does not answer" : troubleIn(facts, new Date());
  const body = {
    status: trouble === null ? "ok" : "unavailable",
    ...(trouble === null ? {} : { reason: trouble }),
    database: facts === null ? "unreachable" : "ok",
    worker: { lastResultAt: facts?.lastResultAt?.toISOString() ?? null },
    version: packageJson.version,
  };
  return Response.json(body, {
    status: trouble === null ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });
}

async function askWithin(ms: number): Promise<HealthFacts | null> {
  asking ??= readHealthFacts(database()).finally(() => (asking = undefined));
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, ms, null);
  try {
    return await Promise.race([asking, timeout]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
