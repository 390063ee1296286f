import type { Metadata } from "next";

import { IncidentForm } from "#components/admin/incident-form.tsx";
import { CARD, H1 } from "#components/admin/styles.ts";
import { readCatalog } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { Frame } from "../../_server/frame.tsx";
import { requireUser } from "../../_server/session.ts";
import { openIncidentAction } from "../actions.ts";
import { choicesFrom } from "../statements.ts";

export const metadata: Metadata = { title: "Post incident" };

export default async function NewIncidentPage() {
  const user = await requireUser("incident.write", "/admin/incidents/new");
  const choices = choicesFrom(await readCatalog(database()), new Map(), true);
  return (
    <Frame user={user} place="/admin/incidents">
      <h1 className={H1}>Post incident</h1>
      <div className={CARD}>
        <IncidentForm action={openIncidentAction} choices={choices} />
      </div>
    </Frame>
  );
}
