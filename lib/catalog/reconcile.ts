import { isGatewatchError, GatewatchError } from "#lib/base/errors.ts";
import {
  findLiveGroupByName,
  findManagedChecks,
  findManagedComponents,
  findManagedGroups,
  findPage,
  namesOfOthers,
  savePage,
  type ComponentRow,
} from "#lib/store/catalog.ts";
import type { Database } from "#lib/store/client.ts";
import { deleteSample, SAMPLE_REMOVED } from "#lib/store/sample.ts";

import { archiveCheck } from "./archive-check.ts";
import { archiveComponent } from "./archive-component.ts";
import { archiveGroup } from "./archive-group.ts";
import { changeCatalog, YAML_ACTOR, type Change } from "./change.ts";
import { createCheck } from "./create-check.ts";
import { createComponent } from "./create-component.ts";
import { createGroup } from "./create-group.ts";
import type { CheckInput } from "./input.ts";
import { restoreCheck } from "./restore-check.ts";
import { restoreComponent } from "./restore-component.ts";
import { restoreGroup } from "./restore-group.ts";
import { updateCheck } from "./update-check.ts";
import { updateComponent } from "./update-component.ts";
import { updateGroup } from "./update-group.ts";
import { updatePage } from "./update-page.ts";
import type { ConfigComponent, GatewatchConfig } from "./yaml-config.ts";

export interface Reconciled {
  /** How often each thing was done, by its audit action: `{ "component.created": 2 }`; empty: nothing to do. */
  readonly done: Readonly<Record<string, number>>;
  /** What was settled in a way that its author may not expect. */
  readonly warnings: readonly string[];
}

/**
 * Makes the catalogue say what gatewatch.yaml says, in one transaction: all of it or nothing,
 * any number of processes at once. What vanished from the file is archived with its history,
 * what returns comes back under its old identity. A component is known by its slug when the
 * file gives one, otherwise by its name; groups and checks are known by name. What was made in
 * the admin area is left alone.
 *
 * @throws GatewatchError CONFIG_INVALID with the place in the file, when a slug is taken
 */
export async function reconcile(
  db: Database,
  config: GatewatchConfig,
  at: Date = new Date(),
): Promise<Reconciled> {
  const done: Record<string, number> = {};
  const warnings = await changeCatalog(
    db,
    YAML_ACTOR,
    async (change) => {
      const counted: Change = {
        ...change,
        record: async (action, target, detail) => {
          done[action] = (done[action] ?? 0) + 1;
          await change.record(action, target, detail);
        },
      };
      return apply(counted, config);
    },
    at,
  );
  return { done, warnings };
}

async function apply(change: Change, config: GatewatchConfig): Promise<string[]> {
  // who writes a file has something of their own to show
  if ((await deleteSample(change.tx)) > 0)
    await change.record(SAMPLE_REMOVED, { type: "sample", id: "sample" });
  await applyPage(change, config);
  const matches = matchComponents(config.components, await findManagedComponents(change.tx, "yaml"));
  // first what goes, so that its name is free for what comes
  for (const component of matches.vanished) await archiveComponent(change, component.id);
  const groupIds = await applyGroups(change, config.groups);
  for (const [position, component] of config.components.entries()) {
    const groupId = component.group === null ? null : (groupIds.get(component.group) ?? null);
    await applyComponent(change, component, matches.existing.get(component), { groupId, position });
  }
  for (const group of await findManagedGroups(change.tx, "yaml")) {
    if (group.archivedAt === null && !groupIds.has(group.name)) await archiveGroup(change, group.id);
  }
  const shared = await namesOfOthers(
    change.tx,
    config.components.map(({ name }) => name),
    "yaml",
  );
  return shared.map(
    (name) =>
      `“${name}” exists twice: once from gatewatch.yaml and once from the admin area; archive one of them`,
  );
}

async function applyPage(change: Change, { page }: GatewatchConfig): Promise<void> {
  if (page !== null) return updatePage(change, page);
  const row = await findPage(change.tx);
  if (row?.managedBy !== "yaml") return;
  // the file names the page no longer: its last words stay, and the admin area may change them
  const { name, url, timeZone, supportUrl, canaries } = row;
  await savePage(change.tx, { name, url, timeZone, supportUrl, canaries, managedBy: "admin" });
  await change.record("page.released", { type: "page", id: "1" });
}

interface Matches {
  readonly existing: ReadonlyMap<ConfigComponent, ComponentRow>;
  /** Live rows that the file no longer names. */
  readonly vanished: readonly ComponentRow[];
}

/** Finds each entry's row: by slug first, then by name; a row answers to one entry only. */
function matchComponents(entries: readonly ConfigComponent[], rows: readonly ComponentRow[]): Matches {
  const existing = new Map<ConfigComponent, ComponentRow>();
  const claimed = new Set<string>();
  const claim = (entry: ConfigComponent, row: ComponentRow | undefined): void => {
    if (row === undefined) return;
    existing.set(entry, row);
    claimed.add(row.id);
  };
  for (const entry of entries) {
    if (entry.slug !== undefined)
      claim(
        entry,
        rows.find(({ slug }) => slug === entry.slug),
      );
  }
  for (const entry of entries) {
    if (!existing.has(entry))
      claim(
        entry,
        rows.find(({ id, name }) => name === entry.name && !claimed.has(id)),
      );
  }
  return { existing, vanished: rows.filter(({ id, archivedAt }) => archivedAt === null && !claimed.has(id)) };
}

/** Groups by name, in the file's order; one that the admin area made is used as it is. */
async function applyGroups(change: Change, names: readonly string[]): Promise<Map<string, string>> {
  const archived = await findManagedGroups(change.tx, "yaml");
  const ids = new Map<string, string>();
  for (const [position, name] of names.entries()) {
    const live = await findLiveGroupByName(change.tx, name);
    const known = live ?? archived.find((group) => group.name === name);
    if (known === undefined) {
      ids.set(name, (await createGroup(change, { name, position })).id);
      continue;
    }
    ids.set(name, known.id);
    if (known.managedBy !== "yaml") continue;
    if (live === null) await restoreGroup(change, known.id);
    await updateGroup(change, known.id, { name, position });
  }
  return ids;
}

async function applyComponent(
  change: Change,
  { checks, group: _group, at, ...fields }: ConfigComponent,
  row: ComponentRow | undefined,
  place: { readonly groupId: string | null; readonly position: number },
): Promise<void> {
  const input = { ...fields, ...place };
  try {
    if (row === undefined) {
      const { id } = await createComponent(change, input);
      return await applyChecks(change, id, checks);
    }
    if (row.archivedAt !== null) await restoreComponent(change, row.id);
    await updateComponent(change, row.id, input);
    await applyChecks(change, row.id, checks);
  } catch (error) {
    if (!isGatewatchError(error, "CONFLICT")) throw error;
    const problems = [{ path: at, message: error.message }];
    throw new GatewatchError("CONFIG_INVALID", `${at}: ${error.message}`, { cause: error, problems });
  }
}

async function applyChecks(
  change: Change,
  componentId: string,
  checks: readonly CheckInput[],
): Promise<void> {
  const rows = await findManagedChecks(change.tx, componentId, "yaml");
  const wanted = new Set(checks.map(({ name }) => name));
  for (const row of rows) {
    if (row.archivedAt === null && !wanted.has(row.name)) await archiveCheck(change, row.id);
  }
  for (const check of checks) {
    const row = rows.find(({ name }) => name === check.name);
    if (row === undefined) {
      await createCheck(change, componentId, check);
      continue;
    }
    if (row.archivedAt !== null) await restoreCheck(change, row.id);
    await updateCheck(change, row.id, check);
  }
}
