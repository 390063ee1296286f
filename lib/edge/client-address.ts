import type { IncomingMessage } from "node:http";

/** Where Next finds the visitor's address; sign-in attempts are counted by it. */
export const CLIENT_ADDRESS_HEADER = "x-gatewatch-client-ip";

/**
 * Writes the visitor's address into the request, over whatever its sender put there: the socket's
 * own, or behind a trusted proxy the last of X-Forwarded-For, which is the one that proxy added.
 */
export function nameClient(request: IncomingMessage, options: { readonly trustProxy: boolean }): void {
  const forwarded = options.trustProxy ? request.headers["x-forwarded-for"] : undefined;
  const chain = Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "");
  const address = chain.split(",").at(-1)?.trim() || request.socket.remoteAddress;
  if (address === undefined) delete request.headers[CLIENT_ADDRESS_HEADER];
  else request.headers[CLIENT_ADDRESS_HEADER] = address;
}
