import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CheckForm } from "#components/admin/check-form.tsx";
import { ManagedNote } from "#components/admin/managed-note.tsx";
import { PushAddress } from "#components/admin/push-address.tsx";
import { StoredCheck } from "#components/admin/stored-check.tsx";
import { CARD, H1 } from "#components/admin/styles.ts";
import { ButtonForm } from "#components/admin/text-forms.tsx";
import { isUuid } from "#lib/base/id.ts";
import { findCheck, type CheckWithComponent } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../_server/frame.tsx";
import { requireUser } from "../../_server/session.ts";
import { archiveCheckAction, editCheckAction, restoreCheckAction, testCheckAction } from "../actions.ts";
import { defaultsOf, hasForm } from "../check-form-data.ts";
import { pushLinkOf } from "../push-link.ts";
import { storedCheckView } from "../stored-check-view.ts";

export const metadata: Metadata = { title: "Check" };

/** Takes the check out of the schedule, and back into it. */
function Shelf({ check: { id, archivedAt } }: { check: CheckWithComponent }) {
  return archivedAt === null ? (
    <ButtonForm action={archiveCheckAction.bind(null, id)} label="Archive check" />
  ) : (
    <ButtonForm action={restoreCheckAction.bind(null, id)} label="Restore check" />
  );
}

export default async function CheckPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await requireUser("catalog.write", `/admin/checks/${encodeURIComponent(id)}`);
  const check = isUuid(id) ? await findCheck(database(), id) : null;
  if (check === null) notFound();
  return (
    <Frame user={user} place="/admin/components">
      <h1 className={`${H1} wrap-anywhere`}>
        {check.name} of <a href={`/admin/components/${check.componentId}`}>{check.component.name}</a>
      </h1>
      <p>
        <a
          href={`/admin/log?component=${check.componentId}&check=${id}`}
          className="inline-flex min-h-11 items-center"
        >
          Log of this check
        </a>
      </p>
      <ManagedNote managedBy={check.managedBy} />
      {check.kind === "push" ? <PushAddress link={await pushLinkOf(check.id)} /> : null}
      {check.managedBy === "admin" && hasForm(check) ? (
        <div className={CARD}>
          <CheckForm action={editCheckAction.bind(null, id)} defaults={defaultsOf(check)} />
        </div>
      ) : (
        <StoredCheck view={storedCheckView(check)} action={testCheckAction.bind(null, id)} />
      )}
      {check.managedBy === "admin" ? <Shelf check={check} /> : null}
    </Frame>
  );
}
