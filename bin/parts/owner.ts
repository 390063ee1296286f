import { GatewatchError } from "#lib/base/errors.ts";
import type { Environment } from "#lib/config/env.ts";
import { ownerSchema } from "#lib/auth/credentials.ts";
import { createFirstOwner } from "#lib/auth/first-owner.ts";
import { setupLink } from "#lib/auth/setup-token.ts";
import type { Database } from "#lib/store/client.ts";
import { hasOwner } from "#lib/store/users.ts";

import { baseUrl } from "./base-url.ts";

/**
 * Makes the first owner from GATEWATCH_ADMIN_EMAIL and GATEWATCH_ADMIN_PASSWORD when both are set
 * and nobody owns the page yet.
 *
 * @returns the one-time link that makes the owner, or null when there is one
 * @throws GatewatchError CONFIG_INVALID when only one of the two is set, or one is not good enough
 */
export async function welcomeOwner(
  db: Database,
  environment: Environment,
  secret: string,
): Promise<string | null> {
  const { GATEWATCH_ADMIN_EMAIL: email, GATEWATCH_ADMIN_PASSWORD: password } = environment;
  if ((email === undefined) !== (password === undefined)) {
    throw new GatewatchError(
      "CONFIG_INVALID",
      `${email === undefined ? "GATEWATCH_ADMIN_EMAIL" : "GATEWATCH_ADMIN_PASSWORD"} is not set: the first owner needs both variables, or neither for the setup page`,
    );
  }
  if (await hasOwner(db)) return null;
  if (email === undefined || password === undefined) return setupLink(baseUrl(environment), secret);
  const owner = ownerSchema.safeParse({ name: email.split("@")[0], email, password });
  if (!owner.success) {
    const problem = owner.error.issues[0];
    const variable = problem?.path[0] === "password" ? "GATEWATCH_ADMIN_PASSWORD" : "GATEWATCH_ADMIN_EMAIL";
    throw new GatewatchError("CONFIG_INVALID", `${variable}: ${problem?.message ?? "is not valid"}`);
  }
  await createFirstOwner(db, owner.data, "environment");
  return null;
}
