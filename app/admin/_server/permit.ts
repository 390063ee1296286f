import { redirect } from "next/navigation";

import type { SignedInUser } from "#lib/auth/access.ts";
import { may, type Permission } from "#lib/auth/permissions.ts";
import { GatewatchError } from "#lib/base/errors.ts";

import { currentUser } from "./session.ts";

/**
 * The first line of every route handler of the admin area. Without a session it leads to the sign-in
 * page, because these addresses are links that people follow.
 * @param path where to come back to after signing in
 * @throws GatewatchError NOT_PERMITTED
 */
export async function requirePermission(permission: Permission, path: string): Promise<SignedInUser> {
  const user = await currentUser();
  if (user === null) redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  if (may(user.role, permission)) return user;
  throw new GatewatchError("NOT_PERMITTED", "Your role does not allow this. Ask an owner or an admin.");
}
