import type { Metadata } from "next";

import { MaintenanceList } from "#components/admin/maintenance-list.tsx";
import { CARD, H1, H2, PRIMARY } from "#components/admin/styles.ts";
import { may } from "#lib/auth/permissions.ts";
import { database } from "#lib/store/client.ts";
import { listOpenMaintenances, listPastMaintenances } from "#lib/store/maintenances.ts";

import { Frame } from "../_server/frame.tsx";
import { requireUser } from "../_server/session.ts";
import { listed } from "./listed.ts";

export const metadata: Metadata = { title: "Maintenance" };

const PAST = 50;

export default async function MaintenancesPage() {
  const user = await requireUser("admin.read", "/admin/maintenance");
  const db = database();
  const [open, past] = await Promise.all([listOpenMaintenances(db), listPastMaintenances(db, PAST)]);
  return (
    <Frame user={user} place="/admin/maintenance">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className={H1}>Maintenance</h1>
        {may(user.role, "maintenance.write") ? (
          <a href="/admin/maintenance/new" className={PRIMARY}>
            Schedule maintenance
          </a>
        ) : null}
      </div>
      <section className={CARD} aria-labelledby="open">
        <h2 id="open" className={H2}>
          Planned and in progress
        </h2>
        <MaintenanceList maintenances={open.map(listed)} empty="Nothing is planned." />
      </section>
      <section className={CARD} aria-labelledby="past">
        <h2 id="past" className={H2}>
          Over
        </h2>
        <MaintenanceList maintenances={past.map(listed)} empty="Nothing yet." />
      </section>
    </Frame>
  );
}
