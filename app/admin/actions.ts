"use server";

import { redirect } from "next/navigation";

import { signOut } from "#lib/auth/sign-in.ts";
import { database } from "#lib/store/client.ts";

import { passOnCookies } from "./_server/cookies.ts";
import { accessForCookies, currentVisitor } from "./_server/session.ts";

/** Ends the session; everybody may end their own. */
export async function signOutAction(): Promise<void> {
  const visitor = await currentVisitor();
  await passOnCookies(await signOut(database(), await accessForCookies(), visitor));
  redirect("/sign-in");
}
