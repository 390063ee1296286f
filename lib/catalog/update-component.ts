import { parseInput } from "#lib/base/parse.ts";
import { findComponent, saveComponent } from "#lib/store/catalog.ts";

import { assertWritable, differences, notFound, type Change } from "./change.ts";
import { assertGroupLive, assertSlugFree } from "./create-component.ts";
import { componentInputSchema, type ComponentInput } from "./input.ts";

/**
 * Replaces what a person or the file can say of a component; without `slug` and `position` it
 * keeps its own.
 * @throws GatewatchError INPUT_INVALID, NOT_FOUND, READ_ONLY, CONFLICT when the slug is taken
 */
export async function updateComponent(change: Change, id: string, input: ComponentInput): Promise<void> {
  const { slug, position, startDate, dependsOn, ...fields } = parseInput(componentInputSchema, input);
  const component = await findComponent(change.tx, id);
  if (component === null) throw notFound("component");
  assertWritable(change.actor, component);
  const changed = differences(component, {
    ...fields,
    slug: slug ?? component.slug,
    position: position ?? component.position,
    startDate: startDate === null ? null : new Date(startDate),
    upstreamStatusUrl: dependsOn,
  });
  if (changed === null) return;
  if (changed.slug !== undefined) await assertSlugFree(change.tx, changed.slug);
  if (changed.groupId !== undefined) await assertGroupLive(change.tx, changed.groupId);
  await saveComponent(change.tx, id, changed);
  await change.record("component.updated", { type: "component", id }, { ...changed, startDate });
}
