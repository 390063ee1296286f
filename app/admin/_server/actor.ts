import type { SignedInUser } from "#lib/auth/access.ts";
import type { Actor } from "#lib/store/audit.ts";

/** The signed-in person as the audit log names them. */
export function actorOf(user: SignedInUser): Actor {
  return { id: user.id, name: user.email };
}
