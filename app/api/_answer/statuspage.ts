import { readEnvironment } from "#lib/config/env.ts";
import { readListing } from "#lib/public/listing.ts";
import type { Listing } from "#lib/public/types.ts";
import { toPage, type Context } from "#lib/statuspage/map.ts";
import type { PageJson } from "#lib/statuspage/types.ts";
import { database } from "#lib/store/client.ts";

import { answer } from "./errors.ts";
import { publicJson } from "./json.ts";

/** The public address: what the page's settings say, then the environment. No trailing slash. */
function baseUrlOf(url: string | null): string {
  const { GATEWATCH_BASE_URL, PORT } = readEnvironment();
  return (url ?? GATEWATCH_BASE_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, "");
}

export interface StatuspageContext extends Context {
  readonly listing: Listing;
  readonly page: PageJson;
}

/** Answers with `page` and what `make` adds to it; null: there is no such thing. */
export function answerStatuspage(
  make: (context: StatuspageContext) => object | null | Promise<object | null>,
): Promise<Response> {
  return answer(async () => {
    const listing = await readListing(database(), { now: Date.now() });
    const baseUrl = baseUrlOf(listing.page.url);
    const page = toPage(listing.page, baseUrl);
    const body = await make({ listing, baseUrl, page });
    if (body !== null) return publicJson({ page, ...body });
    return Response.json(
      { error: "not found" },
      { status: 404, headers: { "Access-Control-Allow-Origin": "*" } },
    );
  });
}
