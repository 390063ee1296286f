/** How the web process treats a request, decided from its path alone. */
export type Route =
  | {
      /** Rendered for nobody in particular, kept and shared. */
      readonly kind: "shared";
      /** Path and the query parameters that count, in one order: the cache's key and what the renderer sees. */
      readonly key: string;
      /** What the response may be kept for when it does not say so itself; null: it has to say. */
      readonly policy: string | null;
    }
  /** Somebody's own: never kept, headers and cookies go through. */
  | { readonly kind: "private" }
  | { readonly kind: "malformed" };

interface SharedRoute {
  readonly path: RegExp;
  /** Query parameters that change the answer; all others are cut off before the key and the renderer. */
  readonly query: readonly string[];
  readonly policy: string | null;
}

// Next gives pages that render on demand no lifetime, and keeps one that is already set. Longer
// than the windows below nothing is shown without a fresh look at the database, even when no
// notification of a change came through.
const PAGE = "public, s-maxage=10, stale-while-revalidate=20, stale-if-error=86400";
const ASSET = "public, s-maxage=3600, stale-while-revalidate=60";

const SHARED: readonly SharedRoute[] = [
  { path: /^\/$/, query: [], policy: PAGE },
  { path: /^\/errors$/, query: [], policy: PAGE },
  { path: /^\/incidents\/[a-z0-9-]{1,64}$/, query: [], policy: PAGE },
  { path: /^\/components\/[a-z0-9-]{1,64}$/, query: [], policy: PAGE },
  // route handlers say themselves how long they last
  { path: /^\/api\/(?:live|page)$/, query: [], policy: null },
  {
    path: /^\/api\/v2\/(?:summary|status|components|incidents|incidents\/unresolved|incidents\/[a-z0-9-]{1,64}|scheduled-maintenances|scheduled-maintenances\/(?:upcoming|active))\.json$/,
    query: [],
    policy: null,
  },
  {
    path: /^\/api\/gateway-errors$/,
    query: ["component", "code", "from", "to", "limit", "cursor"],
    policy: null,
  },
  { path: /^\/api\/gateway-errors\/daily$/, query: ["component", "days"], policy: null },
  { path: /^\/_next\/static\/[\w\-.~/[\]()@%]+$/, query: [], policy: null },
  {
    path: /^\/(?:[\w-]+\/)*[\w-]+\.(?:ico|svg|png|jpg|webp|txt|webmanifest|woff2)$/,
    query: [],
    policy: ASSET,
  },
];

const PLAIN_PATH = /^\/[\w\-./~]*$/;

// "/%65rrors" is "/errors": without this an encoding would be a way around the cache
function canonicalPath(path: string): string | null {
  if (!path.includes("%")) return path;
  try {
    const decoded = decodeURIComponent(path);
    return PLAIN_PATH.test(decoded) ? decoded : path;
  } catch {
    return null;
  }
}

function canonicalQuery(query: string, allowed: readonly string[]): string {
  if (query === "" || allowed.length === 0) return "";
  const given = new URLSearchParams(query);
  const kept = new URLSearchParams();
  for (const name of allowed) {
    // the first one counts, so that a repeated parameter cannot multiply keys
    const value = given.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept.size === 0 ? "" : `?${kept.toString()}`;
}

/** The policy of a key that `routeOf` made. */
export function policyOf(key: string): string | null {
  const route = routeOf(key);
  return route.kind === "shared" ? route.policy : null;
}

/**
 * Finds the route of a raw request target. Only what the table above names is ever shared, so a
 * new page is private until somebody decides otherwise.
 */
export function routeOf(target: string): Route {
  if (!target.startsWith("/")) return { kind: "malformed" };
  const mark = target.indexOf("?");
  const path = canonicalPath(mark === -1 ? target : target.slice(0, mark));
  if (path === null) return { kind: "malformed" };
  const route = SHARED.find((each) => each.path.test(path));
  if (route === undefined || path.includes("..")) return { kind: "private" };
  const query = canonicalQuery(mark === -1 ? "" : target.slice(mark + 1), route.query);
  return { kind: "shared", key: path + query, policy: route.policy };
}
