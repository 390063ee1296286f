import { COMPONENT_STATUS_LABELS, type ComponentStatus, type ManagedBy } from "#lib/model/status.ts";

import { ManagedTag } from "./managed-note.tsx";
import { StatusMarker } from "./marker.tsx";
import { HINT, ROW_LINK, ROW_NAME, ROWS } from "./styles.ts";

export interface ListedComponent {
  readonly id: string;
  readonly name: string;
  readonly status: ComponentStatus;
  readonly managedBy: ManagedBy;
  readonly archived: boolean;
  readonly checks: number;
}

function checksInWords(count: number): string {
  if (count === 0) return "no checks";
  return count === 1 ? "1 check" : `${count} checks`;
}

/** Components, one a row, each leading to its page. */
export function ComponentList({ components }: { readonly components: readonly ListedComponent[] }) {
  if (components.length === 0) return <p className={HINT}>No components here yet.</p>;
  return (
    <ul className={ROWS}>
      {components.map((component) => (
        <li key={component.id}>
          <a href={`/admin/components/${component.id}`} className={ROW_LINK}>
            <span className="flex grow basis-60 flex-wrap items-center gap-x-3 gap-y-1">
              <span className={ROW_NAME}>{component.name}</span>
              <ManagedTag managedBy={component.managedBy} />
            </span>
            <span className="grow sm:grow-0">
              {component.archived ? (
                <span className="tag">archived</span>
              ) : (
                <StatusMarker status={component.status}>
                  {COMPONENT_STATUS_LABELS[component.status]}
                </StatusMarker>
              )}
            </span>
            <span className={`w-20 text-right ${HINT}`}>{checksInWords(component.checks)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
