import { GatewatchError } from "#lib/base/errors.ts";
import type { ManagedBy } from "#lib/model/status.ts";
import { writeAudit, type Actor } from "#lib/store/audit.ts";
import type { Json } from "#lib/store/catalog.ts";
import type { Database, Transaction } from "#lib/store/client.ts";
import { refreshComponentStatus } from "#lib/store/component-status.ts";
import { holdLock } from "#lib/store/locks.ts";
import { bumpPublicVersion } from "#lib/store/public-version.ts";

/** Who changes the catalogue: each row belongs to one of three managers, and only that one may touch it. */
export interface CatalogActor extends Actor {
  readonly manages: ManagedBy;
}

/** A person in the admin area. */
export function personActor(user: { readonly id: string; readonly email: string }): CatalogActor {
  return { id: user.id, name: user.email, manages: "admin" };
}

export const YAML_ACTOR: CatalogActor = { id: null, name: "gatewatch.yaml", manages: "yaml" };
export const SAMPLE_ACTOR: CatalogActor = { id: null, name: "sample", manages: "sample" };

/** One change of the catalogue: verbs take it, and say through it what they did. */
export interface Change {
  readonly tx: Transaction;
  readonly actor: CatalogActor;
  /** The moment of the change. */
  readonly at: Date;
  /** Writes the audit entry and remembers that something changed. */
  record(
    action: string,
    target: { readonly id: string; readonly type: TargetType },
    detail?: Json,
  ): Promise<void>;
  /** Has the status of a component worked out again at the end. */
  touch(componentId: string): void;
}

export type TargetType = "page" | "group" | "component" | "check" | "sample";

// a file with hundreds of components is reconciled in one transaction; Prisma's own limit is 5 s
const LIMITS = { maxWait: 10_000, timeout: 60_000 };

/**
 * Runs verbs of this room in one transaction, one change of the catalogue at a time. At the end
 * the touched components get their status, and the public version is bumped once, when
 * something changed. A verb that changes nothing leaves no trace.
 *
 *     await changeCatalog(database(), personActor(user), (change) => createComponent(change, input));
 */
export async function changeCatalog<T>(
  db: Database,
  actor: CatalogActor,
  work: (change: Change) => Promise<T>,
  at: Date = new Date(),
): Promise<T> {
  return db.$transaction(async (tx) => {
    await holdLock(tx, "catalog");
    const touched = new Set<string>();
    let changed = false;
    const value = await work({
      tx,
      actor,
      at,
      record: async (action, target, detail) => {
        changed = true;
        await writeAudit(tx, { actor, action, target, ...(detail === undefined ? {} : { detail }) });
      },
      touch: (componentId) => touched.add(componentId),
    });
    if (touched.size > 0) await refreshComponentStatus(tx, [...touched], at);
    if (changed || touched.size > 0) await bumpPublicVersion(tx);
    return value;
  }, LIMITS);
}

const KEEPERS: Readonly<Record<ManagedBy, string>> = {
  admin: "was made in the admin area; change it there",
  yaml: "comes from gatewatch.yaml; change it in the file",
  sample: "belongs to the sample data; remove the sample and make your own",
};

/**
 * Lets only the row's own manager go on.
 * @throws GatewatchError READ_ONLY that says where the row can be changed
 */
export function assertWritable(
  actor: CatalogActor,
  row: { readonly name: string; readonly managedBy: ManagedBy },
): void {
  if (row.managedBy === actor.manages) return;
  throw new GatewatchError("READ_ONLY", `“${row.name}” ${KEEPERS[row.managedBy]}.`);
}

/** The error for an id that leads nowhere. */
export function notFound(what: TargetType): GatewatchError {
  return new GatewatchError("NOT_FOUND", `There is no such ${what}; it may have been removed meanwhile.`);
}

/** The keys of `next` whose value differs from `before`'s, or null when there are none. */
export function differences<T extends object>(before: object, next: T): Partial<T> | null {
  const old = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(next).filter(([key, value]) => canonical(old.get(key)) !== canonical(value));
  // fromEntries loses the key type; the keys are next's own
  return changed.length === 0 ? null : (Object.fromEntries(changed) as Partial<T>);
}

/** JSON text with sorted keys: PostgreSQL's jsonb does not keep their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
