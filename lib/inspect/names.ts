import { readCatalog } from "#lib/store/catalog.ts";
import type { Database } from "#lib/store/client.ts";
import { listRegions } from "#lib/store/regions.ts";

import type { AskedOfLog } from "./filter.ts";

export interface NamedCheck {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly kind: string;
  readonly componentId: string;
  readonly component: string;
}

/** What the numbers in the tables of looks stand for; archived things included, their looks are still there. */
export interface Names {
  readonly checks: readonly NamedCheck[];
  readonly components: readonly { readonly id: string; readonly name: string; readonly archived: boolean }[];
  readonly regions: readonly { readonly id: number; readonly name: string }[];
  check(number: number): NamedCheck | undefined;
  region(id: number): string;
}

/** Reads them once, for a page or an export. */
export async function readNames(db: Database): Promise<Names> {
  const [{ groups, ungrouped }, regions] = await Promise.all([
    readCatalog(db, { archived: true }),
    listRegions(db),
  ]);
  const components = [...groups.flatMap((group) => group.components), ...ungrouped];
  const checks = components.flatMap((component) =>
    component.checks.map(({ id, number, name, kind }) => ({
      id,
      number,
      name,
      kind,
      componentId: component.id,
      component: component.name,
    })),
  );
  const byNumber = new Map(checks.map((check) => [check.number, check]));
  const byId = new Map(regions.map(({ id, name }) => [id, name]));
  return {
    checks,
    components: components.map(({ id, name, archivedAt }) => ({ id, name, archived: archivedAt !== null })),
    regions,
    check: (number) => byNumber.get(number),
    region: (id) => byId.get(id) ?? "",
  };
}

/** Numbers of the checks that a filter means; null: all of them. */
export function checksMeant(
  { checks }: Names,
  { component, check, kind }: Pick<AskedOfLog, "component" | "check" | "kind">,
): readonly number[] | null {
  if (component === "" && check === "" && kind === "") return null;
  return checks
    .filter(
      (each) =>
        (component === "" || each.componentId === component) &&
        (check === "" || each.id === check) &&
        (kind === "" || each.kind === kind),
    )
    .map(({ number }) => number);
}
