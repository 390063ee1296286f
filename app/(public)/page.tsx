import { StatusPageView } from "#components/status/status-page-view.tsx";
import { readStatusPage } from "#lib/public/status-page.ts";
import { database } from "#lib/store/client.ts";

// the page cache in front of Next decides how long an answer is good for
export const dynamic = "force-dynamic";

export default async function Page() {
  const now = Date.now();
  return <StatusPageView initial={await readStatusPage(database(), { now })} renderedAt={now} />;
}
