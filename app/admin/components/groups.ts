import type { Option } from "#components/admin/fields.tsx";
import { readCatalog } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

/** Live groups as the choices of a form. */
export async function groupOptions(): Promise<Option[]> {
  const { groups } = await readCatalog(database());
  return groups.map(({ id, name }) => ({ value: id, label: name }));
}
