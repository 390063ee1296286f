import type { IncomingMessage, ServerResponse } from "node:http";

import { nameClient } from "./client-address.ts";
import { headerPairs, type Handler } from "./capture.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

// what only a trusted proxy, or Next itself, may say
const UNTRUSTED = /^(?:x-forwarded-|forwarded$|x-real-ip$)/;
const INTERNAL = /^(?:x-middleware-|x-invoke-|x-nextjs-|x-matched-path$)/;
const HOST = /^[a-z0-9.\-_]+(?::\d{1,5})?$|^\[[0-9a-f:.]+\](?::\d{1,5})?$/i;

/** True for a `Host` that names a host and nothing else. */
export function isHost(host: string | undefined): boolean {
  return host !== undefined && HOST.test(host);
}

/**
 * Hands a request on as it is, except for headers that its sender has no business to set, and
 * sees to it that no cache anywhere keeps the answer.
 */
export async function passThrough(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly trustProxy: boolean },
): Promise<void> {
  nameClient(request, options);
  for (const name of Object.keys(request.headers)) {
    if (INTERNAL.test(name) || (!options.trustProxy && UNTRUSTED.test(name))) delete request.headers[name];
  }
  if (!options.trustProxy && request.socket.remoteAddress !== undefined) {
    // counted by the sign-in limit
    request.headers["x-forwarded-for"] = request.socket.remoteAddress;
  }
  for (const [name, value] of SECURITY_HEADERS) response.setHeader(name, value);
  enforceNoStore(response);
  await handler(request, response);
}

// at the last moment, because a handler's own opinion is not asked
function enforceNoStore(response: ServerResponse): void {
  const writeHead: unknown = Reflect.get(response, "writeHead");
  if (typeof writeHead !== "function") throw new TypeError("the response has no writeHead");
  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (!response.headersSent) {
      const given = rest.find((each) => typeof each === "object" && each !== null);
      for (const [name, value] of headerPairs(given)) response.setHeader(name, value);
      response.setHeader("Cache-Control", "no-store");
    }
    Reflect.apply(writeHead, response, [status]);
    return response;
  };
}
