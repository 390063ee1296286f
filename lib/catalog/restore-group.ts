import { findGroup, saveGroup } from "#lib/store/catalog.ts";

import { assertWritable, notFound, type Change } from "./change.ts";
import { assertGroupNameFree } from "./create-group.ts";

/**
 * Brings an archived group back, empty.
 * @throws GatewatchError NOT_FOUND, READ_ONLY, CONFLICT when the name was taken meanwhile
 */
export async function restoreGroup(change: Change, id: string): Promise<void> {
  const group = await findGroup(change.tx, id);
  if (group === null) throw notFound("group");
  assertWritable(change.actor, group);
  if (group.archivedAt === null) return;
  await assertGroupNameFree(change.tx, group.name);
  await saveGroup(change.tx, id, { archivedAt: null });
  await change.record("group.restored", { type: "group", id }, { name: group.name });
}
