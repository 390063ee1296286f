import { AUTH_PATH } from "#lib/auth/access.ts";

import { accessFor, originOf } from "../../../admin/_server/session.ts";

/** What the pages use, and nothing else of what Better Auth could do. */
const OPEN: ReadonlySet<string> = new Set(["POST /sign-in/email", "POST /sign-out", "GET /get-session"]);
/** An address and a password; more is not read. */
const BODY_MAX_BYTES = 8_192;

async function handle(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (!OPEN.has(`${request.method} ${pathname.slice(AUTH_PATH.length)}`))
    return new Response(null, { status: 404 });
  if (
    request.method === "POST" &&
    !(Number(request.headers.get("content-length") ?? Number.NaN) <= BODY_MAX_BYTES)
  ) {
    return new Response(null, { status: 413 });
  }
  // Next's idea of the own address is the one it listens on; the visitor's is what counts
  const origin = originOf(request.headers);
  const body = request.method === "POST" ? await request.text() : undefined;
  const own = new Request(new URL(`${pathname}${search}`, origin), {
    method: request.method,
    headers: request.headers,
    ...(body === undefined ? {} : { body }),
  });
  const response = await accessFor(origin.startsWith("https:")).handle(own);
  response.headers.set("cache-control", "no-store");
  return response;
}

export { handle as GET, handle as POST };
