"use server";

import { redirect } from "next/navigation";

import type { FormState } from "#components/admin/form-state.ts";
import { renameIncident, rewriteUpdate } from "#lib/incident/edit.ts";
import { openIncident } from "#lib/incident/open.ts";
import { openIncidentSchema, updateIncidentSchema } from "#lib/incident/input.ts";
import { updateIncident } from "#lib/incident/update.ts";
import { parseInput } from "#lib/base/parse.ts";
import { database } from "#lib/store/client.ts";

import { act, answer, field, knownId } from "../_server/act.ts";
import { actorOf } from "../_server/actor.ts";
import { statedIn } from "./statements.ts";

/** Posts an incident and leads to it. */
export async function openIncidentAction(_previous: FormState, form: FormData): Promise<FormState> {
  return act("incident.write", "/admin/incidents/new", form, async (user) => {
    const input = parseInput(openIncidentSchema, { ...Object.fromEntries(form), components: statedIn(form) });
    const { id } = await openIncident(database(), actorOf(user), input, new Date());
    return redirect(`/admin/incidents/${id}?posted=1`);
  });
}

/** Adds an update to the incident that the form is bound to. */
export async function updateIncidentAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  const path = `/admin/incidents/${id}`;
  return act("incident.write", path, form, async (user) => {
    const input = parseInput(updateIncidentSchema, {
      ...Object.fromEntries(form),
      components: statedIn(form),
    });
    await updateIncident(database(), actorOf(user), knownId(id), input, new Date());
    // another number each time: the page begins a new form with it
    return redirect(`${path}?posted=${input.revision + 1}`);
  });
}

/** Corrects the name. */
export async function renameIncidentAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("incident.write", `/admin/incidents/${id}`, form, async (user) => {
    const input = { revision: field(form, "revision"), name: field(form, "name") };
    await renameIncident(database(), actorOf(user), knownId(id), input);
    return answer(form, "Saved.", { tone: "done" });
  });
}

/** Corrects the text of one update. */
export async function rewriteUpdateAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("incident.write", `/admin/incidents/${id}`, form, async (user) => {
    const input = {
      revision: field(form, "revision"),
      updateId: field(form, "updateId"),
      body: field(form, "body"),
    };
    await rewriteUpdate(database(), actorOf(user), knownId(id), input);
    return answer(form, "Saved.", { tone: "done" });
  });
}
