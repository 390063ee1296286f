import type { Transaction } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

/** Who changes something: a person (`id`, e-mail address), or a thing such as `gatewatch.yaml`. */
export interface Actor {
  /** The user's id; null when no person stands behind the change. */
  readonly id: string | null;
  /** Shown in the log; outlives the user. */
  readonly name: string;
}

/** The clock acting by itself, e.g. when a maintenance begins on time. */
export const SCHEDULER: Actor = { id: null, name: "schedule" };

export interface AuditRecord {
  readonly actor: Actor;
  /** `<thing>.<verb in the past>`: "incident.opened", "check.archived". */
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string };
  /** What changed, before and after where that helps. Never a secret. */
  readonly detail?: Prisma.InputJsonValue;
}

/** Writes who did what; call it in the transaction of the change so that both or neither are kept. */
export async function writeAudit(tx: Pick<Transaction, "auditEntry">, record: AuditRecord): Promise<void> {
  await tx.auditEntry.create({
    data: {
      actorId: record.actor.id,
      actor: record.actor.name,
      action: record.action,
      targetType: record.target.type,
      targetId: record.target.id,
      ...(record.detail === undefined ? {} : { detail: record.detail }),
    },
    select: { id: true },
  });
}
