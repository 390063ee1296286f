import type { Metadata } from "next";

import { GroupForm } from "#components/admin/component-form.tsx";
import { ComponentList } from "#components/admin/component-list.tsx";
import { ManagedTag } from "#components/admin/managed-note.tsx";
import { CARD, FOLD, FOLD_ROW, H1, H2, HINT, PRIMARY } from "#components/admin/styles.ts";
import { ButtonForm, RenameForm } from "#components/admin/text-forms.tsx";
import { may } from "#lib/auth/permissions.ts";
import { readCatalog, type CatalogGroup } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../_server/frame.tsx";
import { requireUser } from "../_server/session.ts";
import { archiveGroupAction, newGroupAction, renameGroupAction } from "./actions.ts";
import { listed } from "./listed.ts";

export const metadata: Metadata = { title: "Components" };

function GroupTools({ group }: { group: CatalogGroup }) {
  return (
    <details>
      <summary className={FOLD}>Rename or archive “{group.name}”</summary>
      <div className="grid gap-4">
        <RenameForm
          action={renameGroupAction.bind(null, group.id)}
          name={group.name}
          label="Name of the group"
        />
        <ButtonForm action={archiveGroupAction.bind(null, group.id)} label="Archive group" />
        <p className={HINT}>Its components stay on the page, outside any group.</p>
      </div>
    </details>
  );
}

export default async function ComponentsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, unknown>>;
}) {
  const user = await requireUser("admin.read", "/admin/components");
  const archived = (await searchParams)["archived"] !== undefined;
  const { groups, ungrouped } = await readCatalog(database(), { archived });
  const writable = may(user.role, "catalog.write");
  return (
    <Frame user={user} place="/admin/components">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className={H1}>Components</h1>
        {writable ? (
          <a href="/admin/components/new" className={PRIMARY}>
            Add component
          </a>
        ) : null}
      </div>
      {groups.map((group) => (
        <section key={group.id} className={CARD} aria-labelledby={`group-${group.id}`}>
          <div className="flex flex-wrap items-center gap-3">
            <h2 id={`group-${group.id}`} className={H2}>
              {group.name}
            </h2>
            <ManagedTag managedBy={group.managedBy} />
            {group.archivedAt === null ? null : <span className="tag">archived</span>}
          </div>
          <ComponentList components={group.components.map(listed)} />
          {writable && group.managedBy === "admin" && group.archivedAt === null ? (
            <GroupTools group={group} />
          ) : null}
        </section>
      ))}
      {ungrouped.length === 0 && groups.length > 0 ? null : (
        <section className={CARD} aria-labelledby="ungrouped">
          <h2 id="ungrouped" className={H2}>
            Without a group
          </h2>
          <ComponentList components={ungrouped.map(listed)} />
        </section>
      )}
      {writable ? (
        <details className="rounded-lg border border-line bg-card px-4">
          <summary className={FOLD_ROW}>Add group</summary>
          <GroupForm action={newGroupAction} />
        </details>
      ) : null}
      <p>
        <a
          href={archived ? "/admin/components" : "/admin/components?archived=1"}
          className="inline-flex min-h-11 items-center"
        >
          {archived ? "Hide what is archived" : "Show what is archived as well"}
        </a>
      </p>
    </Frame>
  );
}
