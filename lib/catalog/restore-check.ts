import { GatewatchError } from "#lib/base/errors.ts";
import { findCheck, saveCheck } from "#lib/store/catalog.ts";

import { assertWritable, notFound, type Change } from "./change.ts";
import { assertCheckNameFree } from "./create-check.ts";

/**
 * Brings an archived check back under its old number, so that its history goes on.
 * @throws GatewatchError NOT_FOUND, READ_ONLY, CONFLICT when its name or component is not there for it
 */
export async function restoreCheck(change: Change, id: string): Promise<void> {
  const check = await findCheck(change.tx, id);
  if (check === null) throw notFound("check");
  assertWritable(change.actor, check);
  if (check.archivedAt === null) return;
  if (check.component.archivedAt !== null) {
    throw new GatewatchError(
      "CONFLICT",
      `“${check.component.name}” is archived; restore the component first.`,
    );
  }
  await assertCheckNameFree(change.tx, check.componentId, check.name);
  await saveCheck(change.tx, id, { archivedAt: null });
  change.touch(check.componentId);
  await change.record("check.restored", { type: "check", id }, { name: check.name });
}
