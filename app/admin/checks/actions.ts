"use server";

import { redirect } from "next/navigation";

import type { FormState } from "#components/admin/form-state.ts";
import type { SignedInUser } from "#lib/auth/access.ts";
import { may } from "#lib/auth/permissions.ts";
import { GatewatchError, isGatewatchError } from "#lib/base/errors.ts";
import { parseInput } from "#lib/base/parse.ts";
import { archiveCheck } from "#lib/catalog/archive-check.ts";
import { changeCatalog, personActor } from "#lib/catalog/change.ts";
import { createCheck } from "#lib/catalog/create-check.ts";
import { checkInputSchema } from "#lib/catalog/input.ts";
import { restoreCheck } from "#lib/catalog/restore-check.ts";
import { updateCheck } from "#lib/catalog/update-check.ts";
import { processVariables, resolvePlaceholders } from "#lib/config/placeholders.ts";
import { evidenceOf } from "#lib/model/evidence.ts";
import { testCheck } from "#lib/pipeline.ts";
import type { ProbeExtras } from "#lib/probe/options.ts";
import { parseTarget } from "#lib/probe/registry.ts";
import { findCheck, type CheckRow } from "#lib/store/catalog.ts";
import { database } from "#lib/store/client.ts";
import { readPushStanding } from "#lib/store/push-signals.ts";

import { act, answer, field, knownId } from "../_server/act.ts";
import { atFields, checkFrom, hasForm } from "./check-form-data.ts";

/** Looks once and shows what was seen. Private addresses are fine: that is where services live. */
async function tryOut(user: SignedInUser, form: FormData, stored: CheckRow | null): Promise<FormState> {
  if (!may(user.role, "check.test"))
    throw new GatewatchError("NOT_PERMITTED", "Your role does not allow tests.");
  const { kind, target, timeoutMs, slowMs } = parseInput(checkInputSchema, checkFrom(form, stored));
  return lookOnce({ kind, target: parseTarget(kind, target), timeoutMs, slowMs }, form);
}

async function lookOnce(
  check: Parameters<typeof testCheck>[0],
  form: FormData,
  extras: ProbeExtras = {},
): Promise<FormState> {
  const { observation, verdict } = await testCheck(check, undefined, extras);
  return answer(form, null, { tested: evidenceOf(observation, verdict) });
}

/** Runs work whose errors name parts of a check, and puts them at the fields that show them. */
async function withFields<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isGatewatchError(error) ? atFields(error) : error;
  }
}

/** Tests or creates a check of the component, as the pressed button says. */
export async function newCheckAction(
  componentId: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  const id = knownPath(componentId);
  return act("catalog.write", `/admin/components/${id}/checks/new`, form, async (user) => {
    if (field(form, "intent") === "test") return withFields(() => tryOut(user, form, null));
    await withFields(async () => {
      const input = checkFrom(form, null);
      await changeCatalog(database(), personActor(user), (change) =>
        createCheck(change, knownId(componentId), input),
      );
    });
    return redirect(`/admin/components/${id}`);
  });
}

/** Tests or saves the check, as the pressed button says. */
export async function editCheckAction(
  checkId: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", `/admin/checks/${knownPath(checkId)}`, form, async (user) => {
    const stored = await findCheck(database(), knownId(checkId));
    if (stored === null)
      throw new GatewatchError("NOT_FOUND", "There is no such check; it may have been removed meanwhile.");
    // what is read-only is not tried out with other values and its own secrets either
    if (stored.managedBy !== "admin")
      throw new GatewatchError("READ_ONLY", "This check is not managed here.");
    if (!hasForm(stored))
      throw new GatewatchError("READ_ONLY", "Checks of this kind are changed in gatewatch.yaml.");
    if (field(form, "intent") === "test") return withFields(() => tryOut(user, form, stored));
    await withFields(async () => {
      const input = checkFrom(form, stored);
      await changeCatalog(database(), personActor(user), (change) => updateCheck(change, stored.id, input));
    });
    return redirect(`/admin/components/${stored.componentId}`);
  });
}

/**
 * Looks once, with the check just as it is stored. Its variables are put in as the worker does it: what
 * is secret goes to where it goes all the time, and is taken out of what comes back.
 */
export async function testCheckAction(
  checkId: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("check.test", `/admin/checks/${knownPath(checkId)}`, form, async () => {
    const stored = await findCheck(database(), knownId(checkId));
    if (stored === null)
      throw new GatewatchError("NOT_FOUND", "There is no such check; it may have been removed meanwhile.");
    const target = resolvePlaceholders(stored.target, processVariables());
    return lookOnce({ ...stored, target: parseTarget(stored.kind, target) }, form, {
      lastSignal: () => readPushStanding(database(), stored.number),
    });
  });
}

/** Takes the check out of the schedule; its history stays. */
export async function archiveCheckAction(
  checkId: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", `/admin/checks/${knownPath(checkId)}`, form, async (user) => {
    await changeCatalog(database(), personActor(user), (change) => archiveCheck(change, knownId(checkId)));
    return answer(form, "Archived. Its history stays.", { tone: "done" });
  });
}

/** Takes the check back into the schedule. */
export async function restoreCheckAction(
  checkId: string,
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return act("catalog.write", `/admin/checks/${knownPath(checkId)}`, form, async (user) => {
    await changeCatalog(database(), personActor(user), (change) => restoreCheck(change, knownId(checkId)));
    return answer(form, "Restored.", { tone: "done" });
  });
}

/** An id inside a path, whatever the browser sent back. */
function knownPath(id: unknown): string {
  return encodeURIComponent(String(id));
}
