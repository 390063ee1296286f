import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CheckForm } from "#components/admin/check-form.tsx";
import { ManagedNote } from "#components/admin/managed-note.tsx";
import { OtherKinds } from "#components/admin/other-kinds.tsx";
import { CARD, H1 } from "#components/admin/styles.ts";
import { isUuid } from "#lib/base/id.ts";
import { PROBE_KINDS } from "#lib/probe/registry.ts";
import { findComponent } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../../../_server/frame.tsx";
import { requireUser } from "../../../../_server/session.ts";
import { newCheckAction } from "../../../../checks/actions.ts";
import { defaultsOf } from "../../../../checks/check-form-data.ts";

export const metadata: Metadata = { title: "Add check" };

export default async function NewCheckPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await requireUser("catalog.write", `/admin/components/${encodeURIComponent(id)}/checks/new`);
  const component = isUuid(id) ? await findComponent(database(), id) : null;
  if (component === null) notFound();
  return (
    <Frame user={user} place="/admin/components">
      <h1 className={`${H1} wrap-anywhere`}>
        Add check to <a href={`/admin/components/${id}`}>{component.name}</a>
      </h1>
      <ManagedNote managedBy={component.managedBy} />
      {component.managedBy === "admin" ? (
        <div className={CARD}>
          <CheckForm action={newCheckAction.bind(null, id)} defaults={defaultsOf(null)} />
        </div>
      ) : null}
      <OtherKinds kinds={PROBE_KINDS.filter((kind) => kind !== "http")} />
    </Frame>
  );
}
