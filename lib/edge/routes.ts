/**
 * Where a response is kept: `page` has a fixed number of addresses, `open` as many as somebody
 * makes up (a code, a slug, a query), `asset` as many as there are files.
 */
export type ShelfName = "page" | "open" | "asset";

/** Rendered for nobody in particular, kept and shared. */
export interface SharedRoute {
  readonly kind: "shared";
  /** Path and the query parameters that count, in one order: the cache's key and what the renderer sees. */
  readonly key: string;
  /** What the response may be kept for when it does not say so itself; null: it has to say. */
  readonly policy: string | null;
  readonly shelf: ShelfName;
}

/** How the web process treats a request, decided from its path alone. */
export type Route =
  | SharedRoute
  /** Somebody's own: never kept, headers and cookies go through. */
  | { readonly kind: "private" }
  | { readonly kind: "malformed" };

interface Shape {
  readonly path: RegExp;
  /** Query parameters that change the answer; all others are cut off before the key and the renderer. */
  readonly query: readonly string[];
  readonly policy: string | null;
  readonly shelf: ShelfName;
}

// Next gives pages that render on demand no lifetime, and keeps one that is already set. Longer
// than the windows below nothing is shown without a fresh look at the database, even when no
// notification of a change came through.
const PAGE = "public, s-maxage=10, stale-while-revalidate=20, stale-if-error=86400";
const ASSET = "public, s-maxage=3600, stale-while-revalidate=60";

const SHARED: readonly Shape[] = [
  { path: /^\/$/, query: [], policy: PAGE, shelf: "page" },
  { path: /^\/errors$/, query: [], policy: PAGE, shelf: "page" },
  { path: /^\/incidents\/[a-z0-9-]{1,64}$/, query: [], policy: PAGE, shelf: "open" },
  { path: /^\/components\/[a-z0-9-]{1,64}$/, query: [], policy: PAGE, shelf: "open" },
  // route handlers say themselves how long they last
  { path: /^\/api\/(?:live|page)$/, query: [], policy: null, shelf: "page" },
  {
    path: /^\/api\/v2\/(?:summary|status|components|incidents|incidents\/unresolved|scheduled-maintenances|scheduled-maintenances\/(?:upcoming|active))\.json$/,
    query: [],
    policy: null,
    shelf: "page",
  },
  { path: /^\/api\/v2\/incidents\/[a-z0-9-]{1,64}\.json$/, query: [], policy: null, shelf: "open" },
  {
    path: /^\/api\/gateway-errors$/,
    query: ["component", "code", "from", "to", "limit", "cursor"],
    policy: null,
    shelf: "open",
  },
  { path: /^\/api\/gateway-errors\/daily$/, query: ["component", "days"], policy: null, shelf: "open" },
  { path: /^\/_next\/static\/[\w\-.~/[\]()@%]+$/, query: [], policy: null, shelf: "asset" },
  {
    path: /^\/(?:[\w-]+\/)*[\w-]+\.(?:html|ico|svg|png|jpg|webp|txt|webmanifest|woff2)$/,
    query: [],
    policy: ASSET,
    shelf: "asset",
  },
];

// Somebody's own. What neither table names does not exist: asked for a thousand made-up paths,
// Next renders one page that says so.
const PRIVATE =
  /^\/(?:admin|setup|sign-in|api\/auth|api\/health|api\/v1\/deploys|api\/v1\/push|api\/v1\/agent\/(?:slots|results))(?:\/|$)/;
const NOWHERE: SharedRoute = { kind: "shared", key: "/404", policy: PAGE, shelf: "page" };

const PLAIN_PATH = /^\/[\w\-./~]*$/;

// "/%65rrors" is "/errors": without this an encoding would be a way around the cache
function canonicalPath(path: string): string | null {
  if (!path.includes("%")) return withoutSlash(path);
  try {
    const decoded = decodeURIComponent(path);
    return withoutSlash(PLAIN_PATH.test(decoded) ? decoded : path);
  } catch {
    return null;
  }
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
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

/**
 * Finds the route of a raw request target. Only what the tables above name reaches the renderer
 * by its own name: a page that is in neither answers as one that does not exist.
 */
export function routeOf(target: string): Route {
  if (!target.startsWith("/")) return { kind: "malformed" };
  const mark = target.indexOf("?");
  const path = canonicalPath(mark === -1 ? target : target.slice(0, mark));
  if (path === null) return { kind: "malformed" };
  if (PRIVATE.test(path)) return { kind: "private" };
  const shape = path.includes("..") ? undefined : SHARED.find((each) => each.path.test(path));
  if (shape === undefined) return NOWHERE;
  const query = canonicalQuery(mark === -1 ? "" : target.slice(mark + 1), shape.query);
  return { kind: "shared", key: path + query, policy: shape.policy, shelf: shape.shelf };
}
