import { endMeasuring, findChecksOf, findComponent, saveCheck, saveComponent } from "#lib/store/catalog.ts";

import { assertWritable, notFound, type Change } from "./change.ts";

/**
 * Takes a component and its checks off the page and out of the schedule. Its history stays.
 * @throws GatewatchError NOT_FOUND, READ_ONLY
 */
export async function archiveComponent(change: Change, id: string): Promise<void> {
  const component = await findComponent(change.tx, id);
  if (component === null) throw notFound("component");
  assertWritable(change.actor, component);
  if (component.archivedAt !== null) return;
  const checks = await findChecksOf(change.tx, id, null);
  await endMeasuring(change.tx, checks, change.at);
  // the same moment on both is how restoring knows which checks went with the component
  for (const check of checks) await saveCheck(change.tx, check.id, { archivedAt: change.at });
  await saveComponent(change.tx, id, { archivedAt: change.at });
  change.touch(id);
  await change.record("component.archived", { type: "component", id }, { name: component.name });
}
