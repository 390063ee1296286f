import type { Database } from "./client.ts";
import type { UpstreamStatus } from "./generated/client.ts";

export type UpstreamRow = UpstreamStatus;

/** What a provider's status page said last; null when it was never asked. */
export function readUpstream(db: Database, url: string): Promise<UpstreamRow | null> {
  return db.upstreamStatus.findUnique({ where: { url } });
}
