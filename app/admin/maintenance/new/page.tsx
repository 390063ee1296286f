import type { Metadata } from "next";

import { MaintenanceForm } from "#components/admin/maintenance-form.tsx";
import { CARD, H1 } from "#components/admin/styles.ts";
import { HOUR } from "#lib/base/clock.ts";
import { toLocalTime } from "#lib/model/local-time.ts";
import { readCatalog, type Catalog } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../_server/frame.tsx";
import { pageZone } from "../../_server/page-zone.ts";
import { requireUser } from "../../_server/session.ts";
import { scheduleMaintenanceAction } from "../actions.ts";

export const metadata: Metadata = { title: "Schedule maintenance" };

/** The full hour after the next: soon enough to be edited rather than typed. */
function suggestedStart(now: number): number {
  return Math.ceil(now / HOUR) * HOUR + HOUR;
}

function choices({ groups, ungrouped }: Catalog): { id: string; name: string; group: string | null }[] {
  return [
    ...groups.flatMap((group) => group.components.map(({ id, name }) => ({ id, name, group: group.name }))),
    ...ungrouped.map(({ id, name }) => ({ id, name, group: null })),
  ];
}

export default async function NewMaintenancePage() {
  const user = await requireUser("maintenance.write", "/admin/maintenance/new");
  const [catalog, timeZone] = await Promise.all([readCatalog(database()), pageZone()]);
  const start = suggestedStart(Date.now());
  return (
    <Frame user={user} place="/admin/maintenance">
      <h1 className={H1}>Schedule maintenance</h1>
      <div className={CARD}>
        <MaintenanceForm
          action={scheduleMaintenanceAction}
          timeZone={timeZone}
          start={toLocalTime(new Date(start), timeZone)}
          end={toLocalTime(new Date(start + HOUR), timeZone)}
          components={choices(catalog)}
        />
      </div>
    </Frame>
  );
}
