"use client";

import type { PublicIncident, StatusPage } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { SampleTag } from "#components/ui/tag.tsx";
import { Moment } from "#components/ui/time.tsx";
import { TONES } from "#components/ui/tone.ts";

import { formatDay, formatExactDuration } from "./format.ts";
import { recentRuns } from "./recent-runs.ts";
import { IMPACT_STATUS, IMPACT_WORDS, UPDATE_WORDS } from "./words.ts";

/** The last days with what happened on them. */
export function RecentIncidents({ recent }: { recent: StatusPage["recent"] }) {
  return (
    <section aria-labelledby="recent" className="section">
      <h2 id="recent">Last {recent.length} days</h2>
      <ol className="days">
        {recentRuns(recent).map((run) =>
          run.kind === "quiet" ? (
            <li key={run.to} className="day">
              <h3 className="soft">
                {run.from === run.to
                  ? formatDay(run.to, "month-day")
                  : `${formatDay(run.from, "month-day")} – ${formatDay(run.to, "month-day")}`}
              </h3>
              <p className="soft">No incidents</p>
            </li>
          ) : (
            <li key={run.day} className="day">
              <h3>{formatDay(run.day, "month-day")}</h3>
              <IncidentList incidents={run.incidents} />
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

/** Incidents in one line each. */
export function IncidentList({ incidents }: { incidents: readonly PublicIncident[] }) {
  return (
    <ul className="past">
      {incidents.map((incident) => (
        <PastIncident key={incident.id} incident={incident} />
      ))}
    </ul>
  );
}

function PastIncident({ incident }: { incident: PublicIncident }) {
  const status = IMPACT_STATUS[incident.impact];
  const { startedAt, resolvedAt } = incident;
  return (
    <li className={TONES[status]}>
      <StatusIcon status={status} />
      <div>
        <a href={`/incidents/${incident.code}`}>{incident.name}</a> <SampleTag shown={incident.sample} />
        <p className="soft">
          {IMPACT_WORDS[incident.impact]} · {UPDATE_WORDS[incident.status]} ·{" "}
          <Moment at={startedAt} always="date" />
          {resolvedAt === null
            ? ", not over yet"
            : `, ${formatExactDuration(Date.parse(resolvedAt) - Date.parse(startedAt))}`}
        </p>
      </div>
    </li>
  );
}
