import { IMPACT_WORDS, UPDATE_WORDS } from "#components/status/words.ts";
import { Moment } from "#components/ui/time.tsx";
import type { Impact, IncidentStatus } from "#lib/model/status.ts";

import { Marker } from "./marker.tsx";
import { HINT, ROW_LINK, ROW_NAME, ROWS } from "./styles.ts";

export interface ListedIncident {
  readonly id: string;
  readonly name: string;
  readonly status: IncidentStatus;
  readonly impact: Impact;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly components: readonly string[];
  readonly sample: boolean;
}

/** Incidents, one a row, each leading to its page. */
export function IncidentList({
  incidents,
  empty,
}: {
  readonly incidents: readonly ListedIncident[];
  readonly empty: string;
}) {
  if (incidents.length === 0) return <p className={HINT}>{empty}</p>;
  return (
    <ul className={ROWS}>
      {incidents.map((incident) => (
        <li key={incident.id}>
          <a href={`/admin/incidents/${incident.id}`} className={ROW_LINK}>
            <span className={`w-full sm:w-auto sm:grow ${ROW_NAME}`}>{incident.name}</span>
            <Marker impact={incident.impact}>{UPDATE_WORDS[incident.status]}</Marker>
            <span className={HINT}>{IMPACT_WORDS[incident.impact]}</span>
            <span className={HINT}>
              <Moment at={incident.startedAt} />
            </span>
            {incident.sample ? <span className="tag">sample data</span> : null}
            {incident.components.length === 0 ? null : (
              <span className={`w-full ${HINT}`}>{incident.components.join(", ")}</span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}
