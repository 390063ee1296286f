import { parseInput } from "#lib/base/parse.ts";
import { endMeasuring, findCheck, saveCheck } from "#lib/store/catalog.ts";

import { assertWritable, differences, notFound, type Change } from "./change.ts";
import { targetToStore } from "./check-target.ts";
import { assertCheckNameFree } from "./create-check.ts";
import { checkInputSchema, type CheckInput } from "./input.ts";

/**
 * Replaces what a check does. One that is switched off forgets its state, so that the
 * component's status does not rest on what nobody looks at any more.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, READ_ONLY, CONFLICT when the name is taken
 */
export async function updateCheck(change: Change, id: string, input: CheckInput): Promise<void> {
  const { target, ...fields } = parseInput(checkInputSchema, input);
  const check = await findCheck(change.tx, id);
  if (check === null) throw notFound("check");
  assertWritable(change.actor, check);
  const changed = differences(check, { ...fields, target: targetToStore(change.actor, fields.kind, target) });
  if (changed === null) return;
  if (changed.name !== undefined && check.archivedAt === null) {
    await assertCheckNameFree(change.tx, check.componentId, changed.name, id);
  }
  if (changed.enabled === false) await endMeasuring(change.tx, [check], change.at);
  await saveCheck(change.tx, id, changed);
  change.touch(check.componentId);
  // the names of the changed fields are enough: a target may hold credentials
  await change.record(
    "check.updated",
    { type: "check", id },
    { name: check.name, changed: Object.keys(changed) },
  );
}
