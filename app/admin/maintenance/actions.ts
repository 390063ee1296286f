"use server";

import { redirect } from "next/navigation";

import { COMPONENT_FIELD } from "#components/admin/component-field.ts";
import type { FormState } from "#components/admin/form-state.ts";
import { GatewatchError } from "#lib/base/errors.ts";
import { cancelMaintenance } from "#lib/maintenance/cancel.ts";
import { completeMaintenance } from "#lib/maintenance/complete.ts";
import type { MaintenanceNoteInput } from "#lib/maintenance/input.ts";
import { moveMaintenanceEnd } from "#lib/maintenance/move-end.ts";
import { scheduleMaintenance } from "#lib/maintenance/schedule.ts";
import { startMaintenance } from "#lib/maintenance/start.ts";
import { verifyMaintenance } from "#lib/maintenance/verify.ts";
import { readMoment, readWindow } from "#lib/maintenance/window.ts";
import type { Actor } from "#lib/store/audit.ts";
import { database, type Database } from "#lib/store/client.ts";

import { act, answer, field, knownId } from "../_server/act.ts";
import { actorOf } from "../_server/actor.ts";
import { pageZone } from "../_server/page-zone.ts";

function wrongFields(problems: GatewatchError["problems"]): GatewatchError {
  return new GatewatchError("INPUT_INVALID", "Some fields need another look.", { problems });
}

/** Announces a maintenance and leads to it. */
export async function scheduleMaintenanceAction(_previous: FormState, form: FormData): Promise<FormState> {
  return act("maintenance.write", "/admin/maintenance/new", form, async (user) => {
    const window = readWindow(field(form, "scheduledFor"), field(form, "scheduledUntil"), await pageZone());
    if ("problems" in window) throw wrongFields(window.problems);
    const names = [...form.keys()].filter((name) => name.startsWith(COMPONENT_FIELD));
    const componentIds = names.map((name) => name.slice(COMPONENT_FIELD.length));
    const input = { name: field(form, "name"), body: field(form, "body"), componentIds, ...window };
    const { id } = await scheduleMaintenance(database(), actorOf(user), input, new Date());
    return redirect(`/admin/maintenance/${id}?posted=1`);
  });
}

type Verb = (db: Database, actor: Actor, id: string, input: MaintenanceNoteInput, now: Date) => Promise<void>;

/** A step that needs a word and nothing else. */
async function step(verb: Verb, id: string, form: FormData): Promise<FormState> {
  const path = `/admin/maintenance/${id}`;
  return act("maintenance.write", path, form, async (user) => {
    const input = { revision: field(form, "revision"), body: field(form, "body") };
    await verb(database(), actorOf(user), knownId(id), input, new Date());
    return redirect(`${path}?posted=1`);
  });
}

/** Begins it by hand. */
export async function startMaintenanceAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return step(startMaintenance, id, form);
}

/** Says that the work is being looked at. */
export async function verifyMaintenanceAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return step(verifyMaintenance, id, form);
}

/** Ends it by hand. */
export async function completeMaintenanceAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return step(completeMaintenance, id, form);
}

/** Calls it off. */
export async function cancelMaintenanceAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return step(cancelMaintenance, id, form);
}

/** Extends it or cuts it short. */
export async function moveEndAction(id: string, _previous: FormState, form: FormData): Promise<FormState> {
  return act("maintenance.write", `/admin/maintenance/${id}`, form, async (user) => {
    // of a time that comes twice the end is the second
    const end = readMoment(field(form, "scheduledUntil"), await pageZone(), "later");
    if ("problem" in end) throw wrongFields([{ path: "scheduledUntil", message: end.problem }]);
    const input = { revision: field(form, "revision"), body: field(form, "body"), scheduledUntil: end.at };
    await moveMaintenanceEnd(database(), actorOf(user), knownId(id), input, new Date());
    return answer(form, "Moved.", { tone: "done" });
  });
}
