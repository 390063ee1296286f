import { hashPassword } from "better-auth/crypto";

import { uuidv7 } from "#lib/base/id.ts";
import type { Role } from "#lib/model/status.ts";
import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { insertUser } from "#lib/store/users.ts";

export const TEST_PASSWORD = "correct horse battery staple";

/** A person with this role who can sign in with TEST_PASSWORD, as the actor of verbs. */
export async function addPerson(
  db: Database,
  role: Role = "owner",
  email = `${role}@example.com`,
): Promise<Actor & { id: string }> {
  const id = uuidv7();
  await insertUser(db, {
    id,
    email,
    name: `The ${role}`,
    role,
    passwordHash: await hashPassword(TEST_PASSWORD),
  });
  return { id, name: email };
}

/** A component without checks. */
export async function addComponent(db: Database, name: string): Promise<string> {
  const slug = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${uuidv7().slice(-6)}`;
  const { id } = await db.component.create({ data: { id: uuidv7(), slug, name } });
  return id;
}
