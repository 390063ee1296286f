import type { Transaction } from "./client.ts";

/** Advisory locks of this application; the numbers are arbitrary and must stay different. */
const LOCKS = { firstOwner: 7_481_001, catalog: 7_481_002, deploys: 7_481_003 } as const;

/** Waits for the lock and holds it until the transaction ends. */
export async function holdLock(
  tx: Pick<Transaction, "$executeRaw">,
  name: keyof typeof LOCKS,
): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCKS[name]}::bigint)`;
}
