import { parseInput } from "#lib/base/parse.ts";
import { findGroup, saveGroup } from "#lib/store/catalog.ts";

import { assertWritable, differences, notFound, type Change } from "./change.ts";
import { assertGroupNameFree } from "./create-group.ts";
import { groupInputSchema, type GroupInput } from "./input.ts";

/**
 * Renames or moves a group.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, READ_ONLY, CONFLICT when the name is taken
 */
export async function updateGroup(change: Change, id: string, input: GroupInput): Promise<void> {
  const { name, position } = parseInput(groupInputSchema, input);
  const group = await findGroup(change.tx, id);
  if (group === null) throw notFound("group");
  assertWritable(change.actor, group);
  const changed = differences(group, { name, position: position ?? group.position });
  if (changed === null) return;
  if (changed.name !== undefined && group.archivedAt === null) await assertGroupNameFree(change.tx, name, id);
  await saveGroup(change.tx, id, changed);
  await change.record("group.updated", { type: "group", id }, changed);
}
