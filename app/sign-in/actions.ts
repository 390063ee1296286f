"use server";

import { redirect } from "next/navigation";
import { z } from "zod";

import type { FormState } from "#components/admin/form-state.ts";
import { emailSchema, PASSWORD_MAX } from "#lib/auth/credentials.ts";
import { safeNext } from "#lib/auth/safe-next.ts";
import { signIn } from "#lib/auth/sign-in.ts";
import { parseInput } from "#lib/base/parse.ts";
import { database } from "#lib/store/client.ts";

import { answer, toFormState } from "../admin/_server/act.ts";
import { passOnCookies } from "../admin/_server/cookies.ts";
import { accessFor, currentVisitor } from "../admin/_server/session.ts";

const signInSchema = z.object({
  email: emailSchema,
  password: z
    .string()
    .min(1, "Enter your password.")
    .max(PASSWORD_MAX, `Passwords have at most ${PASSWORD_MAX} characters.`),
});

/** Signs in and goes on to where the visitor wanted to be. */
export async function signInAction(_previous: FormState, form: FormData): Promise<FormState> {
  let result;
  try {
    const credentials = parseInput(signInSchema, Object.fromEntries(form));
    const visitor = await currentVisitor();
    result = await signIn(database(), accessFor(visitor.origin.startsWith("https:")), visitor, credentials);
  } catch (error) {
    return toFormState(error, form);
  }
  if (result.kind === "limited") {
    return answer(form, `Too many attempts. Wait ${result.retryAfterSeconds} seconds, then try again.`);
  }
  if (result.kind === "refused") return answer(form, "The address or the password is wrong.");
  await passOnCookies(result.cookies);
  return redirect(safeNext(form.get("next")));
}
