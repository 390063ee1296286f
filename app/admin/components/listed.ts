import type { ListedComponent } from "#components/admin/component-list.tsx";
import type { CatalogComponent } from "#lib/store/catalog.ts";

/** A stored component as a row of a list. */
export function listed(component: CatalogComponent): ListedComponent {
  return {
    id: component.id,
    name: component.name,
    status: component.status,
    managedBy: component.managedBy,
    archived: component.archivedAt !== null,
    checks: component.checks.filter(({ archivedAt }) => archivedAt === null).length,
  };
}
