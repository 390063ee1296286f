/** The page polls it, and notices of changes may get lost: looked at again after seconds. */
export const LIVE = "public, s-maxage=5, stale-while-revalidate=5, stale-if-error=86400";
/** Everything else; a change that is announced ends it at once. */
export const STEADY = "public, s-maxage=10, stale-while-revalidate=20, stale-if-error=86400";

/** What strangers may read, from any origin. */
export function publicJson(body: unknown, cacheControl: string = STEADY): Response {
  return Response.json(body, {
    headers: { "Cache-Control": cacheControl, "Access-Control-Allow-Origin": "*" },
  });
}
