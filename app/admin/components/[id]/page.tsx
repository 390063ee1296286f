import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { ComponentForm } from "#components/admin/component-form.tsx";
import { ManagedNote } from "#components/admin/managed-note.tsx";
import { VoteList } from "#components/admin/vote-list.tsx";
import { StatusMarker } from "#components/admin/marker.tsx";
import { CARD, H1, H2, HINT, PRIMARY, ROW_LINK, ROW_NAME, ROWS } from "#components/admin/styles.ts";
import { ButtonForm } from "#components/admin/text-forms.tsx";
import { may } from "#lib/auth/permissions.ts";
import { SECOND } from "#lib/base/clock.ts";
import { isUuid } from "#lib/base/id.ts";
import { COMPONENT_STATUS_LABELS } from "#lib/model/status.ts";
import { watchNote } from "#lib/model/watch-note.ts";
import { readComponentVotes } from "#lib/store/public-regions.ts";
import { outcomeOf } from "#lib/model/outcome.ts";
import { findComponent, readCatalog, type CheckRow, type ComponentRow } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../_server/frame.tsx";
import { requireUser } from "../../_server/session.ts";
import { archiveComponentAction, editComponentAction, restoreComponentAction } from "../actions.ts";
import { groupOptions } from "../groups.ts";

export const metadata: Metadata = { title: "Component" };

async function checksOf(componentId: string): Promise<readonly CheckRow[]> {
  const { groups, ungrouped } = await readCatalog(database(), { archived: true });
  const components = [...groups.flatMap((group) => group.components), ...ungrouped];
  return components.find(({ id }) => id === componentId)?.checks ?? [];
}

function Heading({ component }: { component: ComponentRow }) {
  return (
    <header className="grid gap-1">
      <h1 className={`${H1} wrap-anywhere`}>{component.name}</h1>
      <p className="flex flex-wrap items-center gap-x-3">
        {component.archivedAt === null ? (
          <>
            <StatusMarker status={component.status}>{COMPONENT_STATUS_LABELS[component.status]}</StatusMarker>
            <a href={`/components/${component.slug}`} className="flex min-h-11 items-center text-sm">
              See it as visitors do
            </a>
          </>
        ) : (
          <span className="tag">archived</span>
        )}
      </p>
    </header>
  );
}

function CheckList({ checks, linked }: { checks: readonly CheckRow[]; linked: boolean }) {
  if (checks.length === 0)
    return (
      <p className={HINT}>
        No checks yet: without one nobody looks, and the component is operational until an incident says
        otherwise.
      </p>
    );
  return (
    <ul className={ROWS}>
      {checks.map((check) => {
        const row = (
          <>
            <span className={`grow ${linked ? ROW_NAME : "font-semibold"}`}>{check.name}</span>
            <span className={HINT}>
              {check.kind.toUpperCase()}, every {check.intervalMs / SECOND} s
            </span>
            {watchNote(check.kind, check.target) === null ? null : (
              <span className="tag">keeps its connection</span>
            )}
            {check.enabled ? null : <span className="tag">switched off</span>}
            {check.archivedAt === null ? null : <span className="tag">archived</span>}
          </>
        );
        return (
          <li key={check.id}>
            {linked ? (
              <a href={`/admin/checks/${check.id}`} className={ROW_LINK}>
                {row}
              </a>
            ) : (
              <p className={ROW_LINK}>{row}</p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

async function Votes({ componentId }: { componentId: string }) {
  const votes = await readComponentVotes(database(), componentId);
  return (
    <section className={CARD} aria-labelledby="votes">
      <h2 id="votes" className={H2}>
        Regions
      </h2>
      <VoteList
        votes={votes.map(({ outcome, since, ...vote }) => ({
          ...vote,
          outcome: outcomeOf(outcome),
          since: since.toISOString(),
        }))}
      />
    </section>
  );
}

export default async function ComponentPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const user = await requireUser("admin.read", `/admin/components/${encodeURIComponent(id)}`);
  const component = isUuid(id) ? await findComponent(database(), id) : null;
  if (component === null) notFound();
  const manages = may(user.role, "catalog.write");
  const writable = manages && component.managedBy === "admin";
  const live = component.archivedAt === null;
  return (
    <Frame user={user} place="/admin/components">
      <Heading component={component} />
      <ManagedNote managedBy={component.managedBy} />
      <section className={CARD} aria-labelledby="checks">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 id="checks" className={H2}>
            Checks
          </h2>
          {writable && live ? (
            <a href={`/admin/components/${id}/checks/new`} className={PRIMARY}>
              Add check
            </a>
          ) : null}
        </div>
        <CheckList checks={await checksOf(id)} linked={manages} />
        <p className="mt-4">
          <a href={`/admin/log?component=${id}`} className="inline-flex min-h-11 items-center">
            Log of this component
          </a>
        </p>
      </section>
      {live ? <Votes componentId={id} /> : null}
      {writable ? (
        <section className={`${CARD} grid gap-5`} aria-labelledby="edit">
          <h2 id="edit" className={H2}>
            Settings
          </h2>
          <ComponentForm
            action={editComponentAction.bind(null, id)}
            defaults={{
              name: component.name,
              description: component.description ?? "",
              groupId: component.groupId ?? "",
              showcase: component.showcase,
              onlyShowIfDegraded: component.onlyShowIfDegraded,
              dependsOn: component.upstreamStatusUrl ?? "",
            }}
            groups={await groupOptions()}
            button="Save"
          />
          {live ? (
            <ButtonForm action={archiveComponentAction.bind(null, id)} label="Archive component" />
          ) : (
            <ButtonForm action={restoreComponentAction.bind(null, id)} label="Restore component" />
          )}
        </section>
      ) : null}
    </Frame>
  );
}
