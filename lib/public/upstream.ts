import type { UpstreamRow } from "#lib/store/public-upstream.ts";

import type { UpstreamSaying } from "./types.ts";

/** What a provider said last, as strangers see it; null when it has never said anything. */
export function toUpstreamSaying(row: UpstreamRow): UpstreamSaying | null {
  const { name, indicator, description, since, checkedAt } = row;
  if (indicator === null || !URL.canParse(row.url)) return null;
  const { origin, host } = new URL(row.url);
  return {
    name: name ?? host,
    // the address of its API is nothing to look at
    url: origin,
    indicator,
    description: description ?? indicator,
    since: since?.toISOString() ?? null,
    checkedAt: checkedAt.toISOString(),
  };
}
