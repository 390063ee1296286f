import { endMeasuring, findCheck, saveCheck } from "#lib/store/catalog.ts";

import { assertWritable, notFound, type Change } from "./change.ts";

/**
 * Stops a check for good; its results and episodes stay with the component.
 * @throws GatewatchError NOT_FOUND, READ_ONLY
 */
export async function archiveCheck(change: Change, id: string): Promise<void> {
  const check = await findCheck(change.tx, id);
  if (check === null) throw notFound("check");
  assertWritable(change.actor, check);
  if (check.archivedAt !== null) return;
  await endMeasuring(change.tx, [check], change.at);
  await saveCheck(change.tx, id, { archivedAt: change.at });
  change.touch(check.componentId);
  await change.record("check.archived", { type: "check", id }, { name: check.name });
}
