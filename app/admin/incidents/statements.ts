import { COMPONENT_FIELD } from "#components/admin/component-field.ts";
import type { ComponentChoice } from "#components/admin/component-statuses.tsx";
import { SETTABLE_STATUSES, type ComponentStatus, type SettableStatus } from "#lib/model/status.ts";
import type { Catalog } from "#lib/store/catalog.ts";

function isSettable(value: string): value is SettableStatus {
  return SETTABLE_STATUSES.some((status) => status === value);
}

/** What a form says of components: those with a status, by id. Anything else was left alone. */
export function statedIn(form: FormData): { id: string; status: SettableStatus }[] {
  const stated: { id: string; status: SettableStatus }[] = [];
  for (const [name, value] of form) {
    if (!name.startsWith(COMPONENT_FIELD) || typeof value !== "string" || !isSettable(value)) continue;
    stated.push({ id: name.slice(COMPONENT_FIELD.length), status: value });
  }
  return stated;
}

/** What the checks say is broken is offered as affected; health and missing data are not. */
function suggestion(status: ComponentStatus): string {
  return isSettable(status) && status !== "operational" ? status : "";
}

/**
 * The components that an incident can name, in page order, those in trouble first.
 * @param stated what the incident says already
 * @param suggest whether measured trouble is filled in: for a new incident it is the best guess
 */
export function choicesFrom(
  catalog: Catalog,
  stated: ReadonlyMap<string, ComponentStatus>,
  suggest: boolean,
): ComponentChoice[] {
  const named = catalog.groups.flatMap((group) =>
    group.components.map((component) => ({ component, group: group.name })),
  );
  const all = [...named, ...catalog.ungrouped.map((component) => ({ component, group: null }))];
  const choices = all.map(({ component, group }) => ({
    id: component.id,
    name: component.name,
    group,
    initial: stated.get(component.id) ?? (suggest ? suggestion(component.status) : ""),
    stated: stated.has(component.id),
  }));
  return choices.toSorted((a, b) => Number(b.initial !== "") - Number(a.initial !== ""));
}
