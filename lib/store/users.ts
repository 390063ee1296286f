import type { Role } from "#lib/model/status.ts";

import type { Database, Transaction } from "./client.ts";

/** Better Auth's name for "signs in with e-mail address and password". */
const CREDENTIAL = "credential";

/** True once somebody owns this installation. */
export async function hasOwner(db: Pick<Database | Transaction, "user">): Promise<boolean> {
  return (await db.user.findFirst({ where: { role: "owner" }, select: { id: true } })) !== null;
}

/**
 * Adds a person who signs in with a password.
 * @param user.email lower-case
 * @param user.passwordHash as Better Auth's `hashPassword` makes it
 */
export async function insertUser(
  tx: Pick<Transaction, "user" | "account">,
  user: { id: string; email: string; name: string; role: Role; passwordHash: string },
): Promise<void> {
  await tx.user.create({
    data: { id: user.id, email: user.email, name: user.name, role: user.role, emailVerified: true },
    select: { id: true },
  });
  await tx.account.create({
    // Better Auth looks a credential up by the user's own id
    data: { userId: user.id, accountId: user.id, providerId: CREDENTIAL, password: user.passwordHash },
    select: { id: true },
  });
}
