import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import {
  findGroup,
  insertComponent,
  nextComponentPosition,
  slugTaken,
  type ComponentRow,
} from "#lib/store/catalog.ts";
import type { Transaction } from "#lib/store/client.ts";

import type { Change } from "./change.ts";
import { componentInputSchema, type ComponentInput } from "./input.ts";
import { freeSlug } from "./slug.ts";

/**
 * Makes a component. Names may repeat, slugs may not: without one, the first free slug is taken.
 * @throws GatewatchError INPUT_INVALID, CONFLICT when the slug is taken, NOT_FOUND for the group
 */
export async function createComponent(change: Change, input: ComponentInput): Promise<ComponentRow> {
  const { slug: wanted, position, startDate, dependsOn, ...fields } = parseInput(componentInputSchema, input);
  if (wanted !== undefined) await assertSlugFree(change.tx, wanted);
  await assertGroupLive(change.tx, fields.groupId);
  const component = await insertComponent(change.tx, {
    ...fields,
    slug: wanted ?? (await freeSlug(change.tx, fields.name)),
    position: position ?? (await nextComponentPosition(change.tx)),
    startDate: startDate === null ? null : new Date(startDate),
    upstreamStatusUrl: dependsOn,
    managedBy: change.actor.manages,
  });
  change.touch(component.id);
  await change.record(
    "component.created",
    { type: "component", id: component.id },
    { name: component.name, slug: component.slug },
  );
  return component;
}

/** @throws GatewatchError CONFLICT when any component, archived ones included, has the slug */
export async function assertSlugFree(tx: Transaction, slug: string): Promise<void> {
  if (!(await slugTaken(tx, slug))) return;
  const message = `Another component has the address “${slug}”, perhaps an archived one; choose another.`;
  throw new GatewatchError("CONFLICT", message, { problems: [{ path: "slug", message }] });
}

/** @throws GatewatchError NOT_FOUND when a group is named that is missing or archived */
export async function assertGroupLive(tx: Transaction, groupId: string | null): Promise<void> {
  if (groupId === null) return;
  const group = await findGroup(tx, groupId);
  if (group !== null && group.archivedAt === null) return;
  const message = "The group does not exist any more; choose another.";
  throw new GatewatchError("NOT_FOUND", message, { problems: [{ path: "groupId", message }] });
}
