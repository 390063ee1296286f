import type { Metadata } from "next";

import { KeyForm } from "#components/admin/key-form.tsx";
import { KeyList, type ListedKey } from "#components/admin/key-list.tsx";
import { CARD, H1, H2, HINT } from "#components/admin/styles.ts";
import { listApiKeys, type ApiKeyRow } from "#lib/store/api-keys.ts";
import { database } from "#lib/store/client.ts";
import { listRegions } from "#lib/store/regions.ts";

import { Frame } from "../_server/frame.tsx";
import { requireUser } from "../_server/session.ts";
import { issueKeyAction, revokeKeyAction } from "./actions.ts";

export const metadata: Metadata = { title: "API keys" };

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}

function listed(
  { id, name, prefix, scopes, region, createdBy, ...times }: ApiKeyRow,
  now: number,
): ListedKey {
  return {
    id,
    name,
    prefix,
    scopes,
    region,
    createdBy,
    createdAt: times.createdAt.toISOString(),
    expiresAt: iso(times.expiresAt),
    lastUsedAt: iso(times.lastUsedAt),
    revokedAt: iso(times.revokedAt),
    isExpired: times.expiresAt !== null && times.expiresAt.getTime() <= now,
  };
}

export default async function KeysPage() {
  const user = await requireUser("key.write", "/admin/keys");
  const db = database();
  const [keys, regions] = await Promise.all([listApiKeys(db), listRegions(db)]);
  const now = Date.now();
  return (
    <Frame user={user} place="/admin/keys">
      <div className="grid gap-1">
        <h1 className={H1}>API keys</h1>
        <p className={HINT}>
          For programs: a pipeline that marks deploys, an agent that looks from a region.
        </p>
      </div>
      <section className={`${CARD} grid gap-4`} aria-labelledby="new">
        <h2 id="new" className={H2}>
          New key
        </h2>
        <KeyForm action={issueKeyAction} regions={regions.map(({ name }) => name)} />
      </section>
      <section className={CARD} aria-labelledby="keys">
        <h2 id="keys" className={H2}>
          Keys
        </h2>
        <KeyList keys={keys.map((key) => listed(key, now))} revoke={(id) => revokeKeyAction.bind(null, id)} />
      </section>
    </Frame>
  );
}
