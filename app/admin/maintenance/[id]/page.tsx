import type { Metadata } from "next";
import { notFound } from "next/navigation";

import { MaintenanceStep, MoveEndForm, type StepChoice } from "#components/admin/maintenance-steps.tsx";
import { WorkMarker } from "#components/admin/marker.tsx";
import { CARD, DANGER, H1, H2, HINT, PRIMARY } from "#components/admin/styles.ts";
import { Timeline } from "#components/admin/timeline.tsx";
import { UPDATE_WORDS } from "#components/status/words.ts";
import { Range } from "#components/ui/time.tsx";
import { may } from "#lib/auth/permissions.ts";
import { isUuid } from "#lib/base/id.ts";
import { toLocalTime } from "#lib/model/local-time.ts";
import { renderMarkdown } from "#lib/public/markdown.ts";
import { database } from "#lib/store/client.ts";
import { findMaintenance, type MaintenanceDetail } from "#lib/store/maintenances.ts";

import { Frame } from "../../_server/frame.tsx";
import { pageZone } from "../../_server/page-zone.ts";
import { requireUser } from "../../_server/session.ts";
import {
  cancelMaintenanceAction,
  completeMaintenanceAction,
  moveEndAction,
  startMaintenanceAction,
  verifyMaintenanceAction,
} from "../actions.ts";
import { listed } from "../listed.ts";

export const metadata: Metadata = { title: "Maintenance" };

/** The steps that make sense from where the maintenance stands. */
function stepsFrom({ id, status }: MaintenanceDetail): StepChoice[] {
  const complete: StepChoice = {
    action: completeMaintenanceAction.bind(null, id),
    title: "Complete now",
    button: "Complete maintenance",
    words: "The maintenance has been completed.",
    className: PRIMARY,
  };
  switch (status) {
    case "scheduled":
      return [
        {
          action: startMaintenanceAction.bind(null, id),
          title: "Start now",
          button: "Start maintenance",
          words: "The maintenance has begun.",
          className: PRIMARY,
        },
        {
          action: cancelMaintenanceAction.bind(null, id),
          title: "Cancel",
          button: "Cancel maintenance",
          words: "This maintenance has been cancelled.",
          className: DANGER,
        },
      ];
    case "in_progress":
      return [
        {
          action: verifyMaintenanceAction.bind(null, id),
          title: "Work is done, verify",
          button: "Start verifying",
          words: "The work is done; we are checking that everything is well.",
        },
        complete,
      ];
    case "verifying":
      return [complete];
    default:
      return [];
  }
}

function Heading({ maintenance }: { maintenance: MaintenanceDetail }) {
  const { name, cancelled, from, until, components } = listed(maintenance);
  return (
    <header className="grid gap-1">
      <h1 className={`${H1} wrap-anywhere`}>{name}</h1>
      <p className="flex flex-wrap items-center gap-x-3">
        <WorkMarker over={maintenance.status === "completed"}>
          {cancelled ? "Cancelled" : UPDATE_WORDS[maintenance.status]}
        </WorkMarker>
        <span className={HINT}>
          <Range from={from} to={until} />
        </span>
        <a href={`/incidents/${maintenance.code}`} className="flex min-h-11 items-center text-sm">
          See it as visitors do
        </a>
      </p>
      {components.length === 0 ? null : <p className={HINT}>Affects {components.join(", ")}</p>}
    </header>
  );
}

export default async function MaintenancePage(props: {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, unknown>>;
}) {
  const { id } = await props.params;
  const user = await requireUser("admin.read", `/admin/maintenance/${encodeURIComponent(id)}`);
  const maintenance = isUuid(id) ? await findMaintenance(database(), id) : null;
  if (maintenance === null) notFound();
  const timeZone = await pageZone();
  const writable = may(user.role, "maintenance.write") && maintenance.status !== "completed";
  const { posted } = await props.searchParams;
  return (
    <Frame user={user} place="/admin/maintenance">
      <Heading maintenance={maintenance} />
      {posted === undefined ? null : (
        <output className="block font-semibold text-ok">Published: visitors see it now.</output>
      )}
      {writable ? (
        <section className={`${CARD} grid gap-3`} aria-labelledby="steps">
          <h2 id="steps" className={H2}>
            What now
          </h2>
          <p className={HINT}>It starts and ends by itself on time; each step can also be taken by hand.</p>
          {stepsFrom(maintenance).map((step) => (
            <MaintenanceStep key={step.title} step={step} revision={maintenance.revision} />
          ))}
          <MoveEndForm
            action={moveEndAction.bind(null, id)}
            revision={maintenance.revision}
            end={toLocalTime(maintenance.scheduledUntil, timeZone)}
            timeZone={timeZone}
          />
        </section>
      ) : null}
      <section className={CARD} aria-labelledby="timeline">
        <h2 id="timeline" className={`${H2} mb-4`}>
          Timeline
        </h2>
        <Timeline
          entries={maintenance.updates.map((update) => ({
            id: update.id,
            title: UPDATE_WORDS[update.status],
            html: renderMarkdown(update.body),
            at: update.displayAt.toISOString(),
            author: update.author?.name ?? null,
            changes: [],
          }))}
        />
      </section>
    </Frame>
  );
}
