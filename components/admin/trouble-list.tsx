import { Since } from "#components/ui/time.tsx";
import { COMPONENT_STATUS_LABELS, type ComponentStatus } from "#lib/model/status.ts";

import { StatusMarker } from "./marker.tsx";
import { HINT, ROWS } from "./styles.ts";

export interface Trouble {
  readonly componentId: string;
  readonly name: string;
  readonly status: ComponentStatus;
  /** ISO 8601. */
  readonly since: string;
  /** One sentence a failing check, with the code and the gateway that answered. */
  readonly faults: readonly string[];
}

/** What is broken at this moment, and what is known about it. */
export function TroubleList({ troubles }: { readonly troubles: readonly Trouble[] }) {
  if (troubles.length === 0) return <p>Nothing that is being looked at is broken.</p>;
  return (
    <ul className={ROWS}>
      {troubles.map((trouble) => (
        <li key={trouble.componentId} className="grid gap-1 py-3">
          <p className="flex flex-wrap items-center gap-x-3">
            <a
              href={`/admin/components/${trouble.componentId}`}
              className="flex min-h-11 items-center font-semibold text-ink wrap-anywhere"
            >
              {trouble.name}
            </a>
            <StatusMarker status={trouble.status}>{COMPONENT_STATUS_LABELS[trouble.status]}</StatusMarker>
            <span className={HINT}>
              for <Since at={trouble.since} />
            </span>
            <a
              href={`/admin/log?component=${trouble.componentId}`}
              aria-label={`Log of ${trouble.name}`}
              className="ml-auto inline-flex min-h-11 items-center text-sm"
            >
              Log
            </a>
          </p>
          {trouble.faults.map((fault) => (
            <p key={fault} className="text-sm">
              {fault}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
