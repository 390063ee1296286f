"use server";

import type { FormState } from "#components/admin/form-state.ts";
import { removeSample } from "#lib/sample/remove.ts";
import { database } from "#lib/store/client.ts";

import { act, answer } from "./_server/act.ts";
import { actorOf } from "./_server/actor.ts";

/** Removes the sample with its history, and nothing else. */
export async function removeSampleAction(_previous: FormState, form: FormData): Promise<FormState> {
  return act("sample.remove", "/admin", form, async (user) => {
    await removeSample(database(), actorOf(user));
    return answer(form, "Removed.", { tone: "done" });
  });
}
