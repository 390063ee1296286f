import { ErrorsView } from "#components/status/errors-view.tsx";
import { readErrorsPage } from "#lib/public/errors-page.ts";
import { database } from "#lib/store/client.ts";

export const dynamic = "force-dynamic";

export default async function Page() {
  const now = Date.now();
  return <ErrorsView model={await readErrorsPage(database(), { now })} renderedAt={now} />;
}
