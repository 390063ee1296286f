import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { lifetimeOf, type Lifetime } from "./cache-control.ts";
import type { Captured } from "./capture.ts";
import type { Coding } from "./negotiate.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

// quality 5 gives nearly the size of 11 at a fiftieth of the time
const BROTLI_QUALITY = 5;
const GZIP_LEVEL = 6;
// below one packet compression saves nobody anything
const WORTH_COMPRESSING = 512;
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:json|javascript|manifest\+json|xml|[\w.-]+\+(?:json|xml))|image\/svg\+xml)/;
// a page that does not exist may begin to
const NEGATIVE_LIFETIME: Lifetime = { fresh: 2_000, whileRevalidating: 0, onError: 0 };

/** Headers as `writeHead` takes them fastest, and only when it may write to them: name, value, name, value. */
type FlatHeaders = string[];

/** One body ready to go out. */
export interface Variant {
  readonly headers: FlatHeaders;
  readonly body: Buffer;
}

/** A response that can be served again and again without another thought. */
export interface Entry {
  readonly status: number;
  readonly tag: string;
  readonly variants: Readonly<Record<Coding, Variant>>;
  readonly notModified: FlatHeaders;
  /** Null: served to those who waited for it, never kept. */
  readonly lifetime: Lifetime | null;
  /** Epoch milliseconds at which rendering began. */
  readonly renderedAt: number;
  /** The cache's generation when rendering began. */
  readonly generation: number;
  /** What it weighs in memory. */
  readonly bytes: number;
}

// hop by hop, made anew by us, or meant for nobody in particular
const DROPPED = new Set([
  "cache-control",
  "connection",
  "content-length",
  "date",
  "etag",
  "keep-alive",
  "set-cookie",
  "transfer-encoding",
  "vary",
  "x-powered-by",
]);

function isDropped(name: string): boolean {
  return DROPPED.has(name) || name.startsWith("x-nextjs-") || name.startsWith("x-middleware-");
}

function lifetimeFor(captured: Captured, cacheControl: string): Lifetime | null {
  // what is handed to one person is nobody else's
  if (captured.headers.has("set-cookie")) return null;
  const lifetime = lifetimeOf(cacheControl);
  if (lifetime === null || captured.status === 200) return lifetime;
  return captured.status === 404 ? NEGATIVE_LIFETIME : null;
}

async function compressed(captured: Captured): Promise<Readonly<Record<Coding, Buffer>>> {
  const { body } = captured;
  const type = captured.headers.get("content-type");
  const worthIt =
    body.length >= WORTH_COMPRESSING &&
    typeof type === "string" &&
    COMPRESSIBLE.test(type) &&
    !captured.headers.has("content-encoding");
  if (!worthIt) return { identity: body, gzip: body, br: body };
  const [br, gz] = await Promise.all([
    brotliAsync(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
    gzipAsync(body, { level: GZIP_LEVEL }),
  ]);
  return { identity: body, gzip: gz, br };
}

/** What visitors may do with a response: ask again each time, which a 304 answers. */
function cacheControlFor(cacheControl: string, lifetime: Lifetime | null): string {
  if (lifetime === null) return "no-store";
  // a file whose name changes with its content
  return cacheControl.includes("immutable") ? cacheControl : "public, max-age=0, must-revalidate";
}

/** Turns a response into what is served: compressed, tagged, its headers laid out. */
export async function buildEntry(
  captured: Captured,
  moment: { readonly renderedAt: number; readonly generation: number },
): Promise<Entry> {
  const cacheControl = [captured.headers.get("cache-control") ?? ""].flat().join(", ");
  const lifetime = lifetimeFor(captured, cacheControl);
  const bodies = await compressed(captured);
  const tag = `W/"${createHash("sha256").update(captured.body).digest("base64url").slice(0, 22)}"`;
  const always = [
    ["Cache-Control", cacheControlFor(cacheControl, lifetime)],
    ["ETag", tag],
    ["Vary", "Accept-Encoding"],
  ];
  const own = [...captured.headers].flatMap(([name, value]) =>
    isDropped(name) ? [] : [value].flat().map((each) => [name, each]),
  );
  const variant = (coding: Coding): Variant => {
    const body = bodies[coding];
    const encoding = body === bodies.identity ? [] : [["Content-Encoding", coding]];
    const length = [["Content-Length", String(body.length)]];
    return { headers: [...own, ...always, ...SECURITY_HEADERS, ...encoding, ...length].flat(), body };
  };
  const shared = own.filter(([name]) => name?.startsWith("access-control-"));
  return {
    status: captured.status,
    tag,
    variants: { identity: variant("identity"), gzip: variant("gzip"), br: variant("br") },
    notModified: [...always, ...shared].flat(),
    lifetime,
    bytes: [...new Set(Object.values(bodies))].reduce((sum, body) => sum + body.length, 2_048),
    ...moment,
  };
}
