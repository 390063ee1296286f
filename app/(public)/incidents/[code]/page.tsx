import { notFound } from "next/navigation";

import { IncidentView } from "#components/status/incident-view.tsx";
import { readIncidentPage } from "#lib/public/incident-page.ts";
import { database } from "#lib/store/client.ts";

export const dynamic = "force-dynamic";

export default async function Page({ params }: PageProps<"/incidents/[code]">) {
  const { code } = await params;
  const model = await readIncidentPage(database(), code);
  if (model === null) notFound();
  return <IncidentView model={model} renderedAt={Date.now()} />;
}
