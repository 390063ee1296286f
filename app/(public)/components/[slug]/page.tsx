import { notFound } from "next/navigation";

import { ComponentView } from "#components/status/component-view.tsx";
import { readComponentPage } from "#lib/public/component-page.ts";
import { database } from "#lib/store/client.ts";

export const dynamic = "force-dynamic";

export default async function Page({ params }: PageProps<"/components/[slug]">) {
  const { slug } = await params;
  const now = Date.now();
  const model = await readComponentPage(database(), slug, { now });
  if (model === null) notFound();
  return <ComponentView model={model} renderedAt={now} />;
}
