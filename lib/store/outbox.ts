import type { Transaction } from "./client.ts";
import type { Prisma } from "./generated/client.ts";

/** What subscribers and the team may be told about, as `<thing>.<verb in the past>`. */
export const OUTBOX_KINDS = [
  "incident.updated",
  "maintenance.updated",
  "region.blind",
  "region.sees",
] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/**
 * Leaves an event for the notifier. Call it in the transaction of the change: it is sent if and
 * only if the change was committed. `payload` holds ids, not texts, so that a later edit is what
 * goes out.
 */
export async function leaveEvent(
  tx: Pick<Transaction, "outboxEvent">,
  kind: OutboxKind,
  payload: Prisma.InputJsonObject,
): Promise<void> {
  await tx.outboxEvent.create({ data: { kind, payload }, select: { id: true } });
}
