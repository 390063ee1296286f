import type { Metadata } from "next";

import { Door } from "#components/admin/door.tsx";
import { SetupForm } from "#components/admin/setup-form.tsx";
import { isSetupToken } from "#lib/auth/setup-token.ts";
import { database } from "#lib/store/client.ts";
import { hasOwner } from "#lib/store/users.ts";

import { secret } from "../admin/_server/session.ts";
import { setupAction } from "./actions.ts";

// the address holds the token: no other site learns it from a Referer header
export const metadata: Metadata = { title: "Set up", robots: { index: false }, referrer: "no-referrer" };

export default async function SetupPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, unknown>>;
}) {
  const { token } = await searchParams;
  if (await hasOwner(database())) {
    return (
      <Door title="Set up already">
        <p>
          This page has an owner, so the setup link has done its work. <a href="/sign-in">Sign in</a>
        </p>
      </Door>
    );
  }
  if (typeof token !== "string" || !isSetupToken(token, secret())) {
    return (
      <Door title="This setup link is not valid">
        <p>Use the link that was printed when the server started, whole: it ends in a long token.</p>
      </Door>
    );
  }
  return (
    <Door title="Become the owner">
      <p>The first account owns this status page. The link stops working as soon as it exists.</p>
      <SetupForm action={setupAction} token={token} />
    </Door>
  );
}
