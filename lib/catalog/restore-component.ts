import { findChecksOf, findComponent, findGroup, saveCheck, saveComponent } from "#lib/store/catalog.ts";

import { assertWritable, notFound, type Change } from "./change.ts";

/**
 * Brings an archived component back under its old identity, with the checks that were archived
 * together with it.
 * @throws GatewatchError NOT_FOUND, READ_ONLY
 */
export async function restoreComponent(change: Change, id: string): Promise<void> {
  const component = await findComponent(change.tx, id);
  if (component === null) throw notFound("component");
  assertWritable(change.actor, component);
  if (component.archivedAt === null) return;
  for (const check of await findChecksOf(change.tx, id, component.archivedAt)) {
    await saveCheck(change.tx, check.id, { archivedAt: null });
  }
  const group = component.groupId === null ? null : await findGroup(change.tx, component.groupId);
  // its group may have been archived meanwhile
  const groupId = group !== null && group.archivedAt === null ? group.id : null;
  await saveComponent(change.tx, id, { archivedAt: null, groupId });
  change.touch(id);
  await change.record("component.restored", { type: "component", id }, { name: component.name });
}
