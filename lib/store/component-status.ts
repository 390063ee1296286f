import type { ComponentStatus } from "#lib/model/status.ts";

import type { Transaction } from "./client.ts";

export interface StatusChange {
  readonly componentId: string;
  readonly from: ComponentStatus;
  readonly to: ComponentStatus;
}

/**
 * Works out what each component's status is at `at` (check states, open incidents, maintenance
 * in progress), and where it changed closes the open span, opens the next and updates the
 * component. The caller bumps the public version when anything came back.
 */
export async function refreshComponentStatus(
  _tx: Transaction,
  _componentIds: readonly string[],
  _at: Date,
): Promise<StatusChange[]> {
  throw new Error("being written");
}
