import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { IncidentUpdateForm } from "#components/admin/incident-update-form.tsx";
import { Marker } from "#components/admin/marker.tsx";
import { CARD, FOLD, H1, H2, HINT } from "#components/admin/styles.ts";
import { RenameForm, RewriteForm } from "#components/admin/text-forms.tsx";
import { Timeline, type TimelineEntry } from "#components/admin/timeline.tsx";
import { IMPACT_WORDS, UPDATE_WORDS } from "#components/status/words.ts";
import { Moment } from "#components/ui/time.tsx";
import { may } from "#lib/auth/permissions.ts";
import { isUuid } from "#lib/base/id.ts";
import { renderMarkdown } from "#lib/public/markdown.ts";
import { readCatalog } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";
import { findIncident, type IncidentDetail } from "#lib/store/incidents.ts";

import { Frame } from "../../_server/frame.tsx";
import { requireUser } from "../../_server/session.ts";
import { renameIncidentAction, rewriteUpdateAction, updateIncidentAction } from "../actions.ts";
import { choicesFrom } from "../statements.ts";

export const metadata: Metadata = { title: "Incident" };

function entries(incident: IncidentDetail, writable: boolean): TimelineEntry[] {
  return incident.updates.map((update) => ({
    id: update.id,
    title: UPDATE_WORDS[update.status],
    html: renderMarkdown(update.body),
    at: update.displayAt.toISOString(),
    author: update.author?.name ?? null,
    changes: update.components.map(({ component, oldStatus, newStatus }) => ({
      name: component.name,
      from: oldStatus,
      to: newStatus,
    })),
    ...(writable
      ? {
          tools: (
            <details>
              <summary className={FOLD}>Correct this text</summary>
              <RewriteForm
                action={rewriteUpdateAction.bind(null, incident.id)}
                revision={incident.revision}
                updateId={update.id}
                body={update.body}
              />
            </details>
          ),
        }
      : {}),
  }));
}

function Heading({ incident }: { incident: IncidentDetail }) {
  return (
    <header className="grid gap-1">
      <h1 className={`${H1} wrap-anywhere`}>{incident.name}</h1>
      <p className="flex flex-wrap items-center gap-x-3">
        <Marker impact={incident.impact}>{UPDATE_WORDS[incident.status]}</Marker>
        <span className={HINT}>
          {IMPACT_WORDS[incident.impact]} · since <Moment at={incident.startedAt.toISOString()} />
        </span>
        <a href={`/incidents/${incident.code}`} className="flex min-h-11 items-center text-sm">
          See it as visitors do
        </a>
      </p>
    </header>
  );
}

export default async function IncidentPage(props: {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, unknown>>;
}) {
  const { id } = await props.params;
  const user = await requireUser("admin.read", `/admin/incidents/${encodeURIComponent(id)}`);
  const incident = isUuid(id) ? await findIncident(database(), id) : null;
  if (incident === null) notFound();
  const { posted } = await props.searchParams;
  const writable = may(user.role, "incident.write");
  const stated = new Map(incident.components.map(({ componentId, status }) => [componentId, status]));
  const choices = writable ? choicesFrom(await readCatalog(database()), stated, false) : [];
  return (
    <Frame user={user} place="/admin/incidents">
      <Heading incident={incident} />
      {posted === undefined ? null : (
        <output className="block font-semibold text-ok">Published: visitors see it now.</output>
      )}
      {writable ? (
        <section className={CARD} aria-labelledby="update">
          <h2 id="update" className={`${H2} mb-4`}>
            {incident.resolvedAt === null ? "Add update" : "Look back, or open again"}
          </h2>
          <IncidentUpdateForm
            // after an update the form begins anew; after a conflict it keeps what was typed
            key={String(posted)}
            action={updateIncidentAction.bind(null, id)}
            revision={incident.revision}
            status={incident.status}
            resolved={incident.resolvedAt !== null}
            choices={choices}
          />
        </section>
      ) : null}
      <section className={CARD} aria-labelledby="timeline">
        <h2 id="timeline" className={`${H2} mb-4`}>
          Timeline
        </h2>
        <Timeline entries={entries(incident, writable)} />
        {writable ? (
          <details className="mt-4">
            <summary className={FOLD}>Correct the name</summary>
            <RenameForm
              action={renameIncidentAction.bind(null, id)}
              revision={incident.revision}
              name={incident.name}
              label="Name"
            />
          </details>
        ) : null}
      </section>
    </Frame>
  );
}
