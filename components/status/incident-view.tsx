"use client";

import type { ComponentStatus } from "#lib/model/status.ts";
import type { IncidentPage, PublicIncident, PublicMaintenance } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { SampleTag } from "#components/ui/tag.tsx";
import { Moment, Range, Since } from "#components/ui/time.tsx";
import { TONES } from "#components/ui/tone.ts";

import { formatExactDuration } from "./format.ts";
import { Affected } from "./incident-card.tsx";
import { NewsBar } from "./news-bar.tsx";
import { PageFrame } from "./page-frame.tsx";
import { PageTitle } from "./page-title.tsx";
import { Updates } from "./updates.tsx";
import { useLiveState } from "./use-live.ts";
import { IMPACT_STATUS, IMPACT_WORDS, UPDATE_WORDS } from "./words.ts";

/** `/incidents/[code]`: an incident or a maintenance with everything that was said about it. */
export function IncidentView({ model, renderedAt }: { model: IncidentPage; renderedAt: number }) {
  const { live } = useLiveState();
  const subject = model.subject.type === "incident" ? model.subject.incident : model.subject.maintenance;
  const status = toneOf(model.subject);
  return (
    <PageFrame
      page={model.page}
      title={subject.name}
      current={null}
      renderedAt={renderedAt}
      sample={subject.sample}
    >
      <article className={TONES[status]}>
        <PageTitle
          title={
            <>
              {subject.name} <SampleTag shown={subject.sample} />
            </>
          }
        >
          <p className="subject-line">
            <StatusIcon status={status} />
            <b>{UPDATE_WORDS[subject.status]}</b>
            {model.subject.type === "incident" ? (
              <span>{IMPACT_WORDS[model.subject.incident.impact]}</span>
            ) : (
              <span>Maintenance</span>
            )}
          </p>
          {model.subject.type === "incident" ? (
            <IncidentTimes incident={model.subject.incident} />
          ) : (
            <MaintenanceTimes maintenance={model.subject.maintenance} />
          )}
          <Affected components={subject.components} />
        </PageTitle>
        <div className="wrap stack">
          <section className="section" aria-labelledby="updates">
            <h2 id="updates">Updates</h2>
            {subject.updates.length === 0 ? (
              <p className="soft">None yet.</p>
            ) : (
              <Updates updates={subject.updates} changes />
            )}
          </section>
          <p>
            <a href="/">Current status of everything</a>
          </p>
        </div>
      </article>
      <NewsBar live={live} version={model.version} />
    </PageFrame>
  );
}

/** What is over looks over, however bad it was. */
function toneOf(subject: IncidentPage["subject"]): ComponentStatus {
  if (subject.type === "maintenance") {
    return subject.maintenance.status === "completed" ? "operational" : "under_maintenance";
  }
  return subject.incident.resolvedAt === null ? IMPACT_STATUS[subject.incident.impact] : "operational";
}

function IncidentTimes({ incident }: { incident: PublicIncident }) {
  const { startedAt, resolvedAt } = incident;
  if (resolvedAt === null) {
    return (
      <p>
        Since <Moment at={startedAt} always="date" /> (<Since at={startedAt} />)
      </p>
    );
  }
  return (
    <p>
      <Range from={startedAt} to={resolvedAt} /> (
      {formatExactDuration(Date.parse(resolvedAt) - Date.parse(startedAt))})
    </p>
  );
}

function MaintenanceTimes({ maintenance }: { maintenance: PublicMaintenance }) {
  const { scheduledFor, scheduledUntil, startedAt, completedAt } = maintenance;
  return (
    <>
      <p>
        Planned: <Range from={scheduledFor} to={scheduledUntil} /> (
        {formatExactDuration(Date.parse(scheduledUntil) - Date.parse(scheduledFor))})
      </p>
      {startedAt === null ? null : (
        <p>
          Begun <Moment at={startedAt} always="date" />
          {completedAt === null ? null : (
            <>
              , done <Moment at={completedAt} always="date" />
            </>
          )}
        </p>
      )}
    </>
  );
}
