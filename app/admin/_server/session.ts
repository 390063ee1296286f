import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";

import { createAccess, SECURE_SESSION_COOKIE, type Access, type SignedInUser } from "#lib/auth/access.ts";
import { may, type Permission } from "#lib/auth/permissions.ts";
import { requestOrigin } from "#lib/auth/request-origin.ts";
import type { Visitor } from "#lib/auth/sign-in.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { readEnvironment } from "#lib/config/env.ts";
import { database } from "#lib/store/client.ts";

/**
 * The secret that signs sessions and the setup link; `bin/start` makes one when none is given.
 * @throws GatewatchError CONFIG_INVALID
 */
export function secret(): string {
  const { GATEWATCH_SECRET } = readEnvironment();
  if (GATEWATCH_SECRET !== undefined) return GATEWATCH_SECRET;
  throw new GatewatchError(
    "CONFIG_INVALID",
    "GATEWATCH_SECRET is not set: start everything with `npm start`, or give every process the same secret",
  );
}

// Next bundles its own copies of a module; one process still has one of each kind
const slot = globalThis as { [key: symbol]: Map<boolean, Access> | undefined };
const KEY = Symbol.for("gatewatch.access");

/** The process's way in, for visitors on https or on plain http. */
export function accessFor(secureCookies: boolean): Access {
  const made = (slot[KEY] ??= new Map());
  const known = made.get(secureCookies);
  if (known !== undefined) return known;
  const access = createAccess({
    db: database(),
    secret: secret(),
    baseUrl: readEnvironment().GATEWATCH_BASE_URL,
    secureCookies,
  });
  made.set(secureCookies, access);
  return access;
}

/** The own origin as a request's visitor knows it. */
export function originOf(requestHeaders: Headers): string {
  const { GATEWATCH_BASE_URL, GATEWATCH_TRUST_PROXY } = readEnvironment();
  return requestOrigin(requestHeaders, {
    baseUrl: GATEWATCH_BASE_URL,
    trustProxy: GATEWATCH_TRUST_PROXY === "on",
  });
}

/** Who sends the current request, and from which of our addresses. */
export async function currentVisitor(): Promise<Visitor> {
  const requestHeaders = new Headers(await headers());
  return { origin: originOf(requestHeaders), headers: requestHeaders };
}

/** The way in that the request's own cookie belongs to. */
export async function accessForCookies(): Promise<Access> {
  return accessFor((await cookies()).has(SECURE_SESSION_COOKIE));
}

/** Who is signed in, looked up once a request; null: nobody. */
export const currentUser = cache(async (): Promise<SignedInUser | null> => {
  const access = await accessForCookies();
  return access.findUser(new Headers(await headers()));
});

/**
 * The first line of every page and handler of the admin area: who is looking. Without a session it leads to
 * the sign-in page, without the permission to the start page, and nothing is rendered.
 * @param path where to come back to after signing in
 */
export async function requireUser(permission: Permission, path: string): Promise<SignedInUser> {
  const user = await currentUser();
  if (user === null) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  if (!may(user.role, permission)) redirect("/admin?denied=1");
  return user;
}
