import { findComponentsOfGroup, findGroup, saveComponent, saveGroup } from "#lib/store/catalog.ts";

import { assertWritable, notFound, type Change } from "./change.ts";

/**
 * Archives a group. Its live components stay on the page, outside any group: also those of
 * another manager, for whom only the frame goes away.
 * @throws GatewatchError NOT_FOUND, READ_ONLY
 */
export async function archiveGroup(change: Change, id: string): Promise<void> {
  const group = await findGroup(change.tx, id);
  if (group === null) throw notFound("group");
  assertWritable(change.actor, group);
  if (group.archivedAt !== null) return;
  for (const component of await findComponentsOfGroup(change.tx, id)) {
    await saveComponent(change.tx, component.id, { groupId: null });
  }
  await saveGroup(change.tx, id, { archivedAt: change.at });
  await change.record("group.archived", { type: "group", id }, { name: group.name });
}
