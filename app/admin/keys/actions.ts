"use server";

import type { FormState } from "#components/admin/form-state.ts";
import { endApiKey, issueApiKey } from "#lib/auth/manage-api-keys.ts";
import { database } from "#lib/store/client.ts";

import { act, answer, field, knownId } from "../_server/act.ts";
import { actorOf } from "../_server/actor.ts";

/** Makes a key and shows it, once. */
export async function issueKeyAction(_previous: FormState, form: FormData): Promise<FormState> {
  return act("key.write", "/admin/keys", form, async (user) => {
    const input = {
      name: field(form, "name"),
      scope: field(form, "scope"),
      region: field(form, "region"),
      days: field(form, "days"),
    };
    const issuedKey = await issueApiKey(database(), actorOf(user), input, new Date());
    return answer(form, "The key is made.", { tone: "done", values: null, issuedKey });
  });
}

/** Ends a key for good. */
export async function revokeKeyAction(id: string, _previous: FormState, form: FormData): Promise<FormState> {
  return act("key.write", "/admin/keys", form, async (user) => {
    await endApiKey(database(), actorOf(user), knownId(id), new Date());
    return answer(form, "Revoked.", { tone: "done" });
  });
}
