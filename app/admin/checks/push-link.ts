import { headers } from "next/headers";

import { pushLink } from "#lib/auth/push-token.ts";
import { readEnvironment } from "#lib/config/env.ts";

import { originOf, secret } from "../_server/session.ts";

/** The address that a check's job calls: on the page's public address, else on the one it is looked at by. */
export async function pushLinkOf(checkId: string): Promise<string> {
  const base = readEnvironment().GATEWATCH_BASE_URL ?? originOf(new Headers(await headers()));
  return pushLink(base, secret(), checkId);
}
