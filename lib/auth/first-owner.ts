import { hashPassword } from "better-auth/crypto";

import { uuidv7 } from "#lib/base/id.ts";
import { writeAudit } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { holdLock } from "#lib/store/locks.ts";
import { hasOwner, insertUser } from "#lib/store/users.ts";

import type { OwnerInput } from "./credentials.ts";

/**
 * Makes the first owner, once: of several attempts at the same moment, in whatever process, one
 * wins. Serves the setup page and GATEWATCH_ADMIN_EMAIL alike.
 * @param owner as `ownerSchema` returns it
 * @param by what the audit log names as the actor
 * @returns the owner's id, or null when there was an owner already (nothing is changed then)
 */
export async function createFirstOwner(
  db: Database,
  owner: OwnerInput,
  by: "setup link" | "environment" = "setup link",
): Promise<string | null> {
  // most calls come when there is an owner: spare them the slow hash
  if (await hasOwner(db)) return null;
  const passwordHash = await hashPassword(owner.password);
  return db.$transaction(async (tx) => {
    await holdLock(tx, "firstOwner");
    if (await hasOwner(tx)) return null;
    const id = uuidv7();
    await insertUser(tx, {
      id,
      email: owner.email.toLowerCase(),
      name: owner.name,
      role: "owner",
      passwordHash,
    });
    await writeAudit(tx, {
      actor: { id, name: by },
      action: "user.created",
      target: { type: "user", id },
      detail: { email: owner.email, role: "owner" },
    });
    return id;
  });
}
