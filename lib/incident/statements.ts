import { GatewatchError } from "#lib/base/errors.ts";
import { IMPACTS, impactOf, type ComponentStatus, type Impact } from "#lib/model/status.ts";
import type { Transaction } from "#lib/store/client.ts";
import {
  currentStatuses,
  type IncidentDetail,
  type StatedComponent,
  type StatementChange,
} from "#lib/store/incidents.ts";

/** What the incident says of its components before and after an update. */
export interface Statements {
  /** To be stored for the named components. */
  readonly stated: readonly StatedComponent[];
  /** What really changed, for the update's own record. */
  readonly changes: readonly StatementChange[];
  /** Of every component of the incident, after the update. */
  readonly after: readonly ComponentStatus[];
}

/**
 * Lays what somebody says of components over what the incident said so far. A component that is
 * new to the incident changes from what visitors see of it now.
 * @throws GatewatchError INPUT_INVALID at `components` when one of them is archived or gone
 */
export async function layOver(
  tx: Transaction,
  before: IncidentDetail["components"],
  said: readonly { readonly id: string; readonly status: ComponentStatus }[],
): Promise<Statements> {
  const known = new Map(before.map(({ componentId, status }) => [componentId, status]));
  const fresh = said.filter(({ id }) => !known.has(id));
  const visible = await currentStatuses(
    tx,
    fresh.map(({ id }) => id),
  );
  if (visible.size < fresh.length) {
    throw new GatewatchError("INPUT_INVALID", "Some fields need another look.", {
      problems: [
        {
          path: "components",
          message: "One of these components was archived meanwhile; reload and choose again.",
        },
      ],
    });
  }
  const after = new Map(known);
  const changes: StatementChange[] = [];
  for (const { id, status } of said) {
    const oldStatus = known.get(id) ?? visible.get(id) ?? "unknown";
    if (!known.has(id) || oldStatus !== status)
      changes.push({ componentId: id, oldStatus, newStatus: status });
    after.set(id, status);
  }
  const stated = said.map(({ id, status }) => ({ componentId: id, status }));
  return { stated, changes, after: [...after.values()] };
}

/** An incident is remembered for its worst hour: the impact rises with updates and never falls. */
export function risenImpact(before: Impact, statuses: readonly ComponentStatus[]): Impact {
  const now = impactOf(statuses);
  return IMPACTS.indexOf(now) > IMPACTS.indexOf(before) ? now : before;
}
