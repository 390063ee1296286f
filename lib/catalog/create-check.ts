import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { findComponent, findLiveCheckByName, insertCheck, type CheckRow } from "#lib/store/catalog.ts";
import type { Transaction } from "#lib/store/client.ts";

import { assertWritable, notFound, type Change } from "./change.ts";
import { targetToStore } from "./check-target.ts";
import { checkInputSchema, type CheckInput } from "./input.ts";

/**
 * Gives a component a check. The target is held against the probe registry's schema of the kind.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, READ_ONLY, CONFLICT when the component has a check of that name
 */
export async function createCheck(change: Change, componentId: string, input: CheckInput): Promise<CheckRow> {
  const { target, ...fields } = parseInput(checkInputSchema, input);
  const component = await findComponent(change.tx, componentId);
  if (component === null) throw notFound("component");
  // a component that comes from the file gets its checks from the file
  assertWritable(change.actor, component);
  await assertCheckNameFree(change.tx, componentId, fields.name);
  const check = await insertCheck(change.tx, componentId, {
    ...fields,
    target: targetToStore(change.actor, fields.kind, target),
    managedBy: change.actor.manages,
  });
  change.touch(componentId);
  await change.record(
    "check.created",
    { type: "check", id: check.id },
    { name: check.name, kind: check.kind, componentId },
  );
  return check;
}

/** @throws GatewatchError CONFLICT when a live check of the component other than `exceptId` has the name */
export async function assertCheckNameFree(
  tx: Transaction,
  componentId: string,
  name: string,
  exceptId?: string,
): Promise<void> {
  const other = await findLiveCheckByName(tx, componentId, name);
  if (other === null || other.id === exceptId) return;
  const message = `The component already has a check “${name}”; choose another name.`;
  throw new GatewatchError("CONFLICT", message, { problems: [{ path: "name", message }] });
}
