import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { findLiveGroupByName, insertGroup, nextGroupPosition, type GroupRow } from "#lib/store/catalog.ts";
import type { Transaction } from "#lib/store/client.ts";

import type { Change } from "./change.ts";
import { groupInputSchema, type GroupInput } from "./input.ts";

/**
 * Makes a group.
 * @throws GatewatchError INPUT_INVALID, CONFLICT when a live group has the name
 */
export async function createGroup(change: Change, input: GroupInput): Promise<GroupRow> {
  const { name, position } = parseInput(groupInputSchema, input);
  await assertGroupNameFree(change.tx, name);
  const group = await insertGroup(change.tx, {
    name,
    position: position ?? (await nextGroupPosition(change.tx)),
    managedBy: change.actor.manages,
  });
  await change.record("group.created", { type: "group", id: group.id }, { name });
  return group;
}

/** @throws GatewatchError CONFLICT when a live group other than `exceptId` has the name */
export async function assertGroupNameFree(tx: Transaction, name: string, exceptId?: string): Promise<void> {
  const other = await findLiveGroupByName(tx, name);
  if (other === null || other.id === exceptId) return;
  const message = `There is already a group “${name}”; choose another name.`;
  throw new GatewatchError("CONFLICT", message, { problems: [{ path: "name", message }] });
}
