import type { Metadata } from "next";

import { CARD, H1, HINT, ROWS } from "#components/admin/styles.ts";
import { TextBox } from "#components/admin/scroll-box.tsx";
import { Moment } from "#components/ui/time.tsx";
import { may } from "#lib/auth/permissions.ts";
import { database } from "#lib/store/client.ts";
import { listDeploys, type DeployRow } from "#lib/store/deploys.ts";

import { Frame } from "../_server/frame.tsx";
import { requireUser } from "../_server/session.ts";

export const metadata: Metadata = { title: "Deploys" };

const SHOWN = 100;

/** Only what a browser may follow: the link comes from whoever has a key. */
function linkOf(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}

function Row({ deploy }: { deploy: DeployRow }) {
  const link = linkOf(deploy.url);
  return (
    <li className="grid gap-0.5 py-3">
      <p className="flex flex-wrap items-center gap-x-3">
        <strong className="wrap-anywhere">{deploy.version}</strong>
        <span className={HINT}>
          <Moment at={deploy.at.toISOString()} always="date" />
        </span>
        {link === null ? null : (
          <a href={link} rel="noopener noreferrer" className="inline-flex min-h-11 items-center">
            What went out
          </a>
        )}
      </p>
      <p className={`${HINT} wrap-anywhere`}>
        {deploy.component === null ? (
          "The whole system"
        ) : (
          <a href={`/admin/components/${deploy.componentId}`}>{deploy.component.name}</a>
        )}
        , marked by {deploy.source}
      </p>
    </li>
  );
}

const EXAMPLE = `curl -X POST "$GATEWATCH_URL/api/v1/deploys" \\
  -H "Authorization: Bearer $GATEWATCH_KEY" -H "Content-Type: application/json" \\
  -d '{"version":"2026.11.24"}'`;

export default async function DeploysPage() {
  const user = await requireUser("admin.read", "/admin/deploys");
  const deploys = await listDeploys(database(), SHOWN);
  return (
    <Frame user={user} place="/admin/deploys">
      <div className="grid gap-1">
        <h1 className={H1}>Deploys</h1>
        <p className={HINT}>What fails right after one is likely to fail because of it.</p>
      </div>
      <section className={CARD} aria-label="Deploys">
        {deploys.length === 0 ? (
          <p>No deploy has been marked yet.</p>
        ) : (
          <ul className={`${ROWS} mt-0`}>
            {deploys.map((deploy) => (
              <Row key={deploy.id} deploy={deploy} />
            ))}
          </ul>
        )}
      </section>
      <section className={`${CARD} grid gap-3`} aria-labelledby="how">
        <h2 id="how" className="text-base font-bold">
          Mark one from a pipeline
        </h2>
        <TextBox label="Example" text={EXAMPLE} />
        {may(user.role, "key.write") ? (
          <p className={HINT}>
            It takes <a href="/admin/keys">an API key</a> that may mark deploys.
          </p>
        ) : null}
      </section>
    </Frame>
  );
}
