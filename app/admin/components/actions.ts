"use server";

import { redirect } from "next/navigation";

import type { FormState } from "#components/admin/form-state.ts";
import { archiveComponent } from "#lib/catalog/archive-component.ts";
import { archiveGroup } from "#lib/catalog/archive-group.ts";
import { changeCatalog, personActor, type Change } from "#lib/catalog/change.ts";
import { createComponent } from "#lib/catalog/create-component.ts";
import { createGroup } from "#lib/catalog/create-group.ts";
import type { ComponentInput } from "#lib/catalog/input.ts";
import { restoreComponent } from "#lib/catalog/restore-component.ts";
import { updateComponent } from "#lib/catalog/update-component.ts";
import { updateGroup } from "#lib/catalog/update-group.ts";
import { findComponent } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";

import { act, answer, field, knownId } from "../_server/act.ts";

const LIST = "/admin/components";

function componentFrom(form: FormData): ComponentInput {
  const [description, groupId] = [field(form, "description"), field(form, "groupId")];
  const dependsOn = field(form, "dependsOn").trim();
  return {
    name: field(form, "name"),
    description: description === "" ? null : description,
    groupId: groupId === "" ? null : groupId,
    onlyShowIfDegraded: form.has("onlyShowIfDegraded"),
    dependsOn: dependsOn === "" ? null : dependsOn,
  };
}

/** Makes a component and leads to it, where its checks are added. */
export async function newComponentAction(_previous: FormState, form: FormData): Promise<FormState> {
  return act("catalog.write", `${LIST}/new`, form, async (user) => {
    const { id } = await changeCatalog(database(), personActor(user), (change) =>
      createComponent(change, componentFrom(form)),
    );
    return redirect(`${LIST}/${id}`);
  });
}

/** Changes a component. */
export async function editComponentAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", LIST, form, async (user) => {
    await changeCatalog(database(), personActor(user), async (change) => {
      const stored = await findComponent(change.tx, knownId(id));
      // what the form does not show stays as it was
      const kept = {
        showcase: stored?.showcase ?? true,
        startDate: stored?.startDate?.toISOString().slice(0, 10) ?? null,
      };
      await updateComponent(change, knownId(id), { ...kept, ...componentFrom(form) });
    });
    return answer(form, "Saved.", { tone: "done" });
  });
}

/** Takes a component off the page; its history stays. */
export async function archiveComponentAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", LIST, form, async (user) => {
    await changeCatalog(database(), personActor(user), (change) => archiveComponent(change, knownId(id)));
    return answer(form, "Archived: visitors see it no more, and its history stays.", { tone: "done" });
  });
}

/** Brings a component back. */
export async function restoreComponentAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", LIST, form, async (user) => {
    await changeCatalog(database(), personActor(user), (change) => restoreComponent(change, knownId(id)));
    return answer(form, "Restored.", { tone: "done" });
  });
}

/** Makes a group. */
export async function newGroupAction(_previous: FormState, form: FormData): Promise<FormState> {
  return act("catalog.write", LIST, form, async (user) => {
    await changeCatalog(database(), personActor(user), (change) =>
      createGroup(change, { name: field(form, "name") }),
    );
    return answer(form, "Added.", { tone: "done", values: null });
  });
}

/** Renames a group. */
export async function renameGroupAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", LIST, form, async (user) => {
    const work = (change: Change) => updateGroup(change, knownId(id), { name: field(form, "name") });
    await changeCatalog(database(), personActor(user), work);
    return answer(form, "Saved.", { tone: "done" });
  });
}

/** Takes a group off the page. */
export async function archiveGroupAction(
  id: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", LIST, form, async (user) => {
    await changeCatalog(database(), personActor(user), (change) => archiveGroup(change, knownId(id)));
    return answer(form, "Archived.", { tone: "done" });
  });
}
