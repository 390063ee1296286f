"use server";

import { redirect } from "next/navigation";

import type { FormState } from "#components/admin/form-state.ts";
import { ownerSchema } from "#lib/auth/credentials.ts";
import { createFirstOwner } from "#lib/auth/first-owner.ts";
import { isSetupToken } from "#lib/auth/setup-token.ts";
import { signIn } from "#lib/auth/sign-in.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { database } from "#lib/store/client.ts";

import { field, toFormState } from "../admin/_server/act.ts";
import { passOnCookies } from "../admin/_server/cookies.ts";
import { accessFor, currentVisitor, secret } from "../admin/_server/session.ts";

/** Makes the first owner and signs them in. The token is what authorises. */
export async function setupAction(_previous: FormState, form: FormData): Promise<FormState> {
  let cookies: readonly string[];
  try {
    if (!isSetupToken(field(form, "token"), secret())) {
      throw new GatewatchError(
        "NOT_PERMITTED",
        "This setup link is not valid. Use the one that was printed when the server started.",
      );
    }
    const owner = parseInput(ownerSchema, Object.fromEntries(form));
    if ((await createFirstOwner(database(), owner)) === null) {
      throw new GatewatchError(
        "CONFLICT",
        "This page has an owner already. Sign in, or ask the owner for access.",
      );
    }
    const visitor = await currentVisitor();
    const result = await signIn(database(), accessFor(visitor.origin.startsWith("https:")), visitor, owner);
    cookies = result.kind === "signed_in" ? result.cookies : [];
  } catch (error) {
    return toFormState(error, form);
  }
  await passOnCookies(cookies);
  return redirect("/admin");
}
