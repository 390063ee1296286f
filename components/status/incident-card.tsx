"use client";

import type { AffectedComponent, PublicIncident, PublicMaintenance } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { SampleTag } from "#components/ui/tag.tsx";
import { Moment, Range, Since } from "#components/ui/time.tsx";
import { TONES } from "#components/ui/tone.ts";

import { Updates } from "./updates.tsx";
import { IMPACT_STATUS, IMPACT_WORDS, UPDATE_WORDS } from "./words.ts";

const SHOWN_UPDATES = 3;

/** An incident that is going on: what, since when, what it touches, what was said. */
export function IncidentCard({ incident }: { incident: PublicIncident }) {
  const status = IMPACT_STATUS[incident.impact];
  return (
    <article className={`card ${TONES[status]}`}>
      <header className="card-head">
        <StatusIcon status={status} />
        <h3>
          <a href={`/incidents/${incident.code}`}>{incident.name}</a> <SampleTag shown={incident.sample} />
        </h3>
        <p className="soft">
          {UPDATE_WORDS[incident.status]} · {IMPACT_WORDS[incident.impact]} · since{" "}
          <Moment at={incident.startedAt} /> (
          <Since at={incident.startedAt} />)
        </p>
      </header>
      <Affected components={incident.components} />
      <Updates updates={incident.updates} shown={SHOWN_UPDATES} />
    </article>
  );
}

/** A maintenance that is announced or under way. */
export function MaintenanceCard({ maintenance }: { maintenance: PublicMaintenance }) {
  return (
    <article className={`card ${TONES.under_maintenance}`}>
      <header className="card-head">
        <StatusIcon status="under_maintenance" />
        <h3>
          <a href={`/incidents/${maintenance.code}`}>{maintenance.name}</a>{" "}
          <SampleTag shown={maintenance.sample} />
        </h3>
        <p className="soft">
          {UPDATE_WORDS[maintenance.status]} ·{" "}
          <Range from={maintenance.scheduledFor} to={maintenance.scheduledUntil} />
        </p>
      </header>
      <Affected components={maintenance.components} />
      <Updates updates={maintenance.updates} shown={1} />
    </article>
  );
}

/** The components that something touches, as links. */
export function Affected({ components }: { components: readonly AffectedComponent[] }) {
  if (components.length === 0) return null;
  return (
    <p className="affected">
      <span className="soft">Affects</span>{" "}
      {components.map(({ id, slug, name }) => (
        <a key={id} href={`/components/${slug}`}>
          {name}
        </a>
      ))}
    </p>
  );
}
