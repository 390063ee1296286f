import type { Metadata } from "next";

import { IncidentList } from "#components/admin/incident-list.tsx";
import { CARD, H1, H2, PRIMARY } from "#components/admin/styles.ts";
import { may } from "#lib/auth/permissions.ts";
import { database } from "#lib/store/client.ts";
import { listOpenIncidents, listResolvedIncidents } from "#lib/store/incidents.ts";

import { Frame } from "../_server/frame.tsx";
import { requireUser } from "../_server/session.ts";
import { listed } from "./listed.ts";

export const metadata: Metadata = { title: "Incidents" };

const PAST = 50;

export default async function IncidentsPage() {
  const user = await requireUser("admin.read", "/admin/incidents");
  const db = database();
  const [open, past] = await Promise.all([listOpenIncidents(db), listResolvedIncidents(db, PAST)]);
  return (
    <Frame user={user} place="/admin/incidents">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className={H1}>Incidents</h1>
        {may(user.role, "incident.write") ? (
          <a href="/admin/incidents/new" className={PRIMARY}>
            Post incident
          </a>
        ) : null}
      </div>
      <section className={CARD} aria-labelledby="open">
        <h2 id="open" className={H2}>
          Open
        </h2>
        <IncidentList incidents={open.map(listed)} empty="No open incidents." />
      </section>
      <section className={CARD} aria-labelledby="past">
        <h2 id="past" className={H2}>
          Resolved
        </h2>
        <IncidentList incidents={past.map(listed)} empty="No incident has been resolved yet." />
      </section>
    </Frame>
  );
}
