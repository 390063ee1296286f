import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { Door } from "#components/admin/door.tsx";
import { SignInForm } from "#components/admin/sign-in-form.tsx";
import { safeNext } from "#lib/auth/safe-next.ts";
import { database } from "#lib/store/client.ts";
import { hasOwner } from "#lib/store/users.ts";

import { currentUser } from "../admin/_server/session.ts";
import { signInAction } from "./actions.ts";

export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, unknown>>;
}) {
  const next = safeNext((await searchParams)["next"]);
  if ((await currentUser()) !== null) redirect(next);
  return (
    <Door title="Sign in">
      {(await hasOwner(database())) ? null : (
        <p role="note">
          Nobody owns this page yet. Open the setup link that was printed when the server started.
        </p>
      )}
      <SignInForm action={signInAction} next={next} />
    </Door>
  );
}
