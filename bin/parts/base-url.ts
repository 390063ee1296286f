import type { Environment } from "#lib/config/env.ts";

/** Where people find the page: GATEWATCH_BASE_URL, else this machine under the port. */
export function baseUrl({ GATEWATCH_BASE_URL, PORT }: Environment): string {
  return GATEWATCH_BASE_URL ?? `http://localhost:${PORT}`;
}
