import { UPDATE_WORDS } from "#components/status/words.ts";
import { Range } from "#components/ui/time.tsx";
import type { MaintenanceStatus } from "#lib/model/status.ts";

import { WorkMarker } from "./marker.tsx";
import { HINT, ROW_LINK, ROW_NAME, ROWS } from "./styles.ts";

export interface ListedMaintenance {
  readonly id: string;
  readonly name: string;
  readonly status: MaintenanceStatus;
  /** Over without ever having begun. */
  readonly cancelled: boolean;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
  readonly components: readonly string[];
  readonly sample: boolean;
}

/** Maintenances, one a row, each leading to its page. */
export function MaintenanceList(props: {
  readonly maintenances: readonly ListedMaintenance[];
  readonly empty: string;
}) {
  if (props.maintenances.length === 0) return <p className={HINT}>{props.empty}</p>;
  return (
    <ul className={ROWS}>
      {props.maintenances.map((maintenance) => {
        return (
          <li key={maintenance.id}>
            <a href={`/admin/maintenance/${maintenance.id}`} className={ROW_LINK}>
              <span className={`w-full sm:w-auto sm:grow ${ROW_NAME}`}>{maintenance.name}</span>
              <WorkMarker over={maintenance.status === "completed"}>
                {maintenance.cancelled ? "Cancelled" : UPDATE_WORDS[maintenance.status]}
              </WorkMarker>
              <span className={HINT}>
                <Range from={maintenance.from} to={maintenance.until} />
              </span>
              {maintenance.sample ? <span className="tag">sample data</span> : null}
              {maintenance.components.length === 0 ? null : (
                <span className={`w-full ${HINT}`}>{maintenance.components.join(", ")}</span>
              )}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
