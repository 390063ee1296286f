import type { Metadata } from "next";

import { BlindRegions } from "#components/admin/blind-regions.tsx";
import { IncidentList } from "#components/admin/incident-list.tsx";
import { MaintenanceList } from "#components/admin/maintenance-list.tsx";
import { CARD, H1, H2, HINT, PRIMARY } from "#components/admin/styles.ts";
import { ButtonForm } from "#components/admin/text-forms.tsx";
import { TroubleList } from "#components/admin/trouble-list.tsx";
import { Since } from "#components/ui/time.tsx";
import { may } from "#lib/auth/permissions.ts";
import { readBlindRegions } from "#lib/store/blindness.ts";
import { database } from "#lib/store/client.ts";
import { listOpenIncidents } from "#lib/store/incidents.ts";
import { listOpenMaintenances } from "#lib/store/maintenances.ts";
import { readWorkerHealth, type WorkerHealth } from "#lib/store/workers.ts";

import { Frame } from "./_server/frame.tsx";
import { readNow } from "./_server/now.ts";
import { requireUser } from "./_server/session.ts";
import { listed as listedIncident } from "./incidents/listed.ts";
import { listed as listedMaintenance } from "./maintenance/listed.ts";
import { removeSampleAction } from "./sample-actions.ts";

export const metadata: Metadata = { title: "Now" };

/** Whether somebody looks at all: a page full of green means nothing otherwise. */
function Watch({ health }: { health: WorkerHealth }) {
  const { lastResultAt, lastSeenAt } = health;
  return (
    <p className={HINT}>
      {lastResultAt === null ? (
        "No check has reported yet."
      ) : (
        <>
          Last result <Since at={lastResultAt.toISOString()} ago />.
        </>
      )}{" "}
      {lastSeenAt === null ? (
        "No worker is known: nobody is looking."
      ) : (
        <>
          A worker was last seen <Since at={lastSeenAt.toISOString()} ago />.
        </>
      )}
    </p>
  );
}

/** Where somebody begins who has just become the owner. */
function NothingWatched() {
  return (
    <p>
      Nothing is watched yet. <a href="/admin/components/new">Add a component</a>, then a check that looks at
      it.
    </p>
  );
}

export default async function NowPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const user = await requireUser("admin.read", "/admin");
  const db = database();
  const [{ troubles, isEmpty, hasSample }, incidents, maintenances, health, blind] = await Promise.all([
    readNow(),
    listOpenIncidents(db),
    listOpenMaintenances(db),
    readWorkerHealth(db),
    readBlindRegions(db),
  ]);
  const { denied } = await searchParams;
  return (
    <Frame user={user} place="/admin">
      {denied === undefined ? null : (
        <p role="alert" className="font-semibold text-major">
          Your role does not allow that. Ask an owner or an admin.
        </p>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className={H1}>Now</h1>
        {may(user.role, "incident.write") ? (
          <a href="/admin/incidents/new" className={`${PRIMARY} w-full sm:w-auto`}>
            Post incident
          </a>
        ) : null}
      </div>
      <section className={CARD} aria-labelledby="broken">
        <h2 id="broken" className={H2}>
          Broken now
        </h2>
        {isEmpty ? <NothingWatched /> : <TroubleList troubles={troubles} />}
        <BlindRegions regions={blind} />
        <Watch health={health} />
      </section>
      <section className={CARD} aria-labelledby="incidents">
        <h2 id="incidents" className={H2}>
          Open incidents
        </h2>
        <IncidentList incidents={incidents.map(listedIncident)} empty="No open incidents." />
      </section>
      <section className={CARD} aria-labelledby="maintenance">
        <h2 id="maintenance" className={H2}>
          Maintenance
        </h2>
        <MaintenanceList maintenances={maintenances.map(listedMaintenance)} empty="Nothing is planned." />
      </section>
      {hasSample && may(user.role, "sample.remove") ? (
        <section className={`${CARD} grid gap-3`} aria-labelledby="sample">
          <h2 id="sample" className={H2}>
            Sample data
          </h2>
          <p>
            Some components, their history and their incidents are a sample to look around in. Removing it
            leaves what you made yourself.
          </p>
          <ButtonForm action={removeSampleAction} label="Remove sample data" />
        </section>
      ) : null}
    </Frame>
  );
}
