import { v5 as uuidv5 } from "uuid";
import { z } from "zod";

import { DAY, MINUTE } from "#lib/base/clock.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { isUuid, uuidv7 } from "#lib/base/id.ts";
import { parseInput } from "#lib/base/parse.ts";
import { writeAudit } from "#lib/store/audit.ts";
import { findComponent, findComponentBySlug } from "#lib/store/catalog.ts";
import type { Database, Transaction } from "#lib/store/client.ts";
import { findDeploy, findSameDeploy, insertDeploy, type DeployRow } from "#lib/store/deploys.ts";
import { holdLock } from "#lib/store/locks.ts";

/** What a pipeline says of a new version. */
export const deployInputSchema = z.strictObject({
  version: z
    .string("must be text")
    .trim()
    .min(1, "must not be empty")
    .max(100, "must have at most 100 characters")
    .regex(/^[^\p{Cc}]*$/u, "must be one line without control characters"),
  /** Slug or id; without it the whole system. */
  component: z
    .string("must be text")
    .min(1, "must not be empty")
    .regex(/^\P{Cc}{1,64}$/u, "is no slug or id")
    .optional(),
  /** Where people read about it: a release, a pipeline's run. */
  url: z
    .url({ protocol: /^https?$/, error: "must be an address that begins with https:// or http://" })
    .max(2_000, "must have at most 2000 characters")
    .regex(/^\P{Cc}*$/u, "must be one line without control characters")
    .optional(),
  /** When it went out; now when it is not said. */
  at: z.iso
    .datetime({ offset: true, error: "takes an ISO 8601 time with a zone, e.g. 2026-01-31T12:00:00Z" })
    .optional(),
});
export type DeployInput = z.input<typeof deployInputSchema>;

export interface DeployOrder {
  readonly input: unknown;
  /** Who says so: the API key's name, or "command line". */
  readonly source: string;
  /** Says that two calls are one; null: only version and time do. */
  readonly idempotencyKey: string | null;
  readonly now: Date;
}

/** One pipeline tells a version twice within this time: a retry, or two jobs of one run. */
const SAME_WITHIN_MS = MINUTE;
/** Clocks differ by less; what lies further ahead is a mistake. */
const AHEAD_MS = 10 * MINUTE;
const BACK_MS = 30 * DAY;
const NAMESPACE = "5f0c3a52-9a1e-4c8e-8d39-0b3a6e1f7a44";

/**
 * Notes that a new version went out. Told again (by the same idempotency key, or the same version
 * of the same thing within a minute) it answers with what is noted already.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND for an unknown component
 */
export async function markDeploy(
  db: Database,
  order: DeployOrder,
): Promise<{ readonly deploy: DeployRow; readonly created: boolean }> {
  const input = parseInput(deployInputSchema, order.input);
  const at = input.at === undefined ? order.now : new Date(input.at);
  assertPlausible(at, order.now);
  return db.$transaction(async (tx) => {
    await holdLock(tx, "deploys");
    const componentId = input.component === undefined ? null : await componentIdOf(tx, input.component);
    const wanted = { componentId, version: input.version, at };
    const id = order.idempotencyKey === null ? uuidv7() : idOf(order.idempotencyKey);
    const known = (await findDeploy(tx, id)) ?? (await findSameDeploy(tx, wanted, SAME_WITHIN_MS));
    if (known !== null) return { deploy: known, created: false };
    const deploy = await insertDeploy(tx, { id, ...wanted, url: input.url ?? null, source: order.source });
    await writeAudit(tx, {
      actor: { id: null, name: order.source },
      action: "deploy.marked",
      target: { type: "deploy", id },
      detail: { version: deploy.version, component: deploy.component?.slug ?? null },
    });
    return { deploy, created: true };
  });
}

/** The same key is the same deploy: its id is made of it. */
function idOf(key: string): string {
  return uuidv5(key, NAMESPACE);
}

function assertPlausible(at: Date, now: Date): void {
  const ms = at.getTime() - now.getTime();
  if (ms <= AHEAD_MS && ms >= -BACK_MS) return;
  const message =
    ms > 0 ? "must not lie ahead: tell it when the version goes out" : "must not be older than 30 days";
  throw new GatewatchError("INPUT_INVALID", `at ${message}.`, { problems: [{ path: "at", message }] });
}

async function componentIdOf(tx: Transaction, slugOrId: string): Promise<string> {
  const found =
    (await findComponentBySlug(tx, slugOrId)) ??
    (isUuid(slugOrId) ? await findComponent(tx, slugOrId) : null);
  if (found !== null && found.archivedAt === null) return found.id;
  const message = `There is no component “${slugOrId}”: \`component\` takes a slug or an id, or is left out for the whole system.`;
  throw new GatewatchError("NOT_FOUND", message, { problems: [{ path: "component", message }] });
}
