import { z } from "zod";

import { DAY } from "#lib/base/clock.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { findApiKey, revokeApiKey } from "#lib/store/api-keys.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";

import { API_SCOPES, createApiKey } from "./api-key.ts";

/** Days after which a key may end by itself; 0: never. */
export const KEY_LIFETIMES = [30, 90, 365, 0] as const;

// as GATEWATCH_REGION has it
const REGION = /^[a-z0-9][a-z0-9-]{0,31}$/;

const inputSchema = z
  .object({
    name: z
      .string()
      .trim()
      .min(1, "Say what the key is for, so that it can be told from others.")
      .max(100, "Use 100 characters at most."),
    scope: z.enum(API_SCOPES, "Choose what the key may do."),
    region: z.string().trim().default(""),
    days: z.coerce
      .number()
      .refine((days) => KEY_LIFETIMES.some((each) => each === days), "Choose one of the lifetimes."),
  })
  .refine(({ scope, region }) => scope !== "agent" || REGION.test(region), {
    path: ["region"],
    message: "Name the region that the agent looks from: lower-case letters, digits and hyphens, 32 at most.",
  });

/**
 * Makes a key for a program and writes who did it, in one transaction.
 * @returns the key, which is kept nowhere: it can be shown now and never again
 * @throws GatewatchError INPUT_INVALID
 */
export async function issueApiKey(db: Database, actor: Actor, input: unknown, now: Date): Promise<string> {
  const { name, scope, region, days } = parseInput(inputSchema, input);
  return db.$transaction(async (tx) => {
    const fields = {
      name,
      scopes: [scope],
      region: scope === "agent" ? region : null,
      expiresAt: days === 0 ? null : new Date(now.getTime() + days * DAY),
    };
    const { row, key } = await createApiKey(tx, fields, actor.name);
    await writeAudit(tx, {
      actor,
      action: "key.issued",
      target: { type: "key", id: row.id },
      detail: { ...fields, prefix: row.prefix, expiresAt: fields.expiresAt?.toISOString() ?? null },
    });
    return key;
  });
}

/**
 * Ends a key for good; whoever sends it is refused from now on.
 * @throws GatewatchError NOT_FOUND, CONFLICT when it was ended before
 */
export async function endApiKey(db: Database, actor: Actor, id: string, now: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    const key = await findApiKey(tx, id);
    if (key === null) throw new GatewatchError("NOT_FOUND", "There is no such key.");
    if (!(await revokeApiKey(tx, id, now))) {
      throw new GatewatchError("CONFLICT", "Somebody has revoked this key already.");
    }
    await writeAudit(tx, {
      actor,
      action: "key.revoked",
      target: { type: "key", id },
      detail: { name: key.name, prefix: key.prefix },
    });
  });
}
