import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { CheckForm } from "#components/admin/check-form.tsx";
import { ManagedNote } from "#components/admin/managed-note.tsx";
import { CARD, H1, HINT } from "#components/admin/styles.ts";
import { ButtonForm } from "#components/admin/text-forms.tsx";
import { isUuid } from "#lib/base/id.ts";
import { redactText } from "#lib/probe/redact.ts";
import { findCheck, type CheckWithComponent } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../_server/frame.tsx";
import { requireUser } from "../../_server/session.ts";
import { archiveCheckAction, editCheckAction, restoreCheckAction } from "../actions.ts";
import { defaultsOf } from "../check-form-data.ts";

export const metadata: Metadata = { title: "Check" };

/** What a check that is managed elsewhere does. */
function ReadOnly({ check }: { check: CheckWithComponent }) {
  const { url, method, expectStatus, interval, timeout } = defaultsOf(check);
  return (
    <dl className={`${CARD} grid gap-x-4 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]`}>
      {[
        ["Address", url === "" ? "as the file says" : redactText(url)],
        ["Method", method],
        ["Fine statuses", expectStatus],
        ["Every", `${interval} s`],
        ["Time-out", `${timeout} s`],
      ].map(([label, value]) => (
        <div key={label} className="contents">
          <dt className={HINT}>{label}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
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
      {check.managedBy === "admin" ? (
        <>
          <div className={CARD}>
            <CheckForm action={editCheckAction.bind(null, id)} defaults={defaultsOf(check)} />
          </div>
          {check.archivedAt === null ? (
            <ButtonForm action={archiveCheckAction.bind(null, id)} label="Archive check" />
          ) : (
            <ButtonForm action={restoreCheckAction.bind(null, id)} label="Restore check" />
          )}
        </>
      ) : (
        <ReadOnly check={check} />
      )}
    </Frame>
  );
}
