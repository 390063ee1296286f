import { parseInput } from "#lib/base/parse.ts";
import { findPage, savePage } from "#lib/store/catalog.ts";

import { assertWritable, differences, type Change } from "./change.ts";
import { pageInputSchema, type PageInput } from "./input.ts";

/**
 * Names the page. Page settings that the sample made give way to anybody; those of
 * gatewatch.yaml are the file's.
 * @throws GatewatchError INPUT_INVALID, READ_ONLY
 */
export async function updatePage(change: Change, input: PageInput): Promise<void> {
  const fields = { ...parseInput(pageInputSchema, input), managedBy: change.actor.manages };
  const before = await findPage(change.tx);
  // the file's word is the last one while it names the page; the sample's never is
  if (before?.managedBy === "yaml") assertWritable(change.actor, before);
  const changed = differences(before ?? {}, fields);
  if (changed === null) return;
  await savePage(change.tx, fields);
  await change.record("page.updated", { type: "page", id: "1" }, changed);
}
