import { refresh } from "next/cache";

import type { FormState } from "#components/admin/form-state.ts";
import type { SignedInUser } from "#lib/auth/access.ts";
import { may, type Permission } from "#lib/auth/permissions.ts";
import { GatewatchError, isGatewatchError } from "#lib/base/errors.ts";
import { isUuid } from "#lib/base/id.ts";
import { createLog } from "#lib/base/log.ts";

import { currentUser } from "./session.ts";

const log = createLog("admin");

/** Passwords are typed again; everything else that was typed is given back. */
const NEVER_GIVEN_BACK = new Set(["password", "token"]);

/** What was typed, without files, secrets and the framework's own fields. */
export function typedValues(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string" || name.startsWith("$") || NEVER_GIVEN_BACK.has(name)) continue;
    values[name] = value;
  }
  return values;
}

/** A form's answer that says something and keeps what was typed. */
export function answer(form: FormData, message: string | null, more: Partial<FormState> = {}): FormState {
  return { message, tone: "error", problems: {}, values: typedValues(form), signInAt: null, ...more };
}

/** Next's own signals (redirect, not found) pass as errors and carry a digest. */
function isSignal(error: unknown): boolean {
  return error instanceof Error && "digest" in error && String(error.digest).startsWith("NEXT_");
}

/** What went wrong as the form shows it; a defect is logged and its message stays inside. */
export function toFormState(error: unknown, form: FormData): FormState {
  if (isGatewatchError(error)) {
    // the first problem of a field is enough to read at once
    const problems: Record<string, string> = {};
    for (const { path, message } of error.problems) problems[path] ??= message;
    return answer(form, error.message, { problems });
  }
  log.error("an action failed", { error });
  return answer(form, "This did not work, and nothing was changed. Try again; the server's log says more.");
}

/**
 * Every action runs through here: who is it, may they, then the work; whatever fails becomes an
 * answer that keeps the typed text. `work` redirects, or returns what the form shows.
 * @param path of the form's page, to come back to after signing in again
 */
export async function act(
  permission: Permission,
  path: string,
  form: FormData,
  work: (user: SignedInUser) => Promise<FormState>,
): Promise<FormState> {
  try {
    const user = await currentUser();
    if (user === null) {
      return answer(
        form,
        "Your session has ended. Sign in again in another tab, then send this once more: your text is kept.",
        {
          signInAt: `/sign-in?next=${encodeURIComponent(path)}`,
        },
      );
    }
    if (!may(user.role, permission)) {
      log.warn("an action was refused", { user: user.id, permission });
      return answer(form, "Your role does not allow this. Ask an owner or an admin.");
    }
    const state = await work(user);
    refresh();
    return state;
  } catch (error) {
    if (isSignal(error)) throw error;
    // the page around the form shows what the others did, the form keeps what was typed
    if (isGatewatchError(error, "CONFLICT")) refresh();
    return toFormState(error, form);
  }
}

/** The one string that a form sent under this name; anything else counts as empty. */
export function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/**
 * An id that a page bound to its action; it comes back from the browser, so it can be anything.
 * @throws GatewatchError NOT_FOUND
 */
export function knownId(id: unknown): string {
  if (typeof id === "string" && isUuid(id)) return id;
  throw new GatewatchError("NOT_FOUND", "There is no such entry; it may have been removed meanwhile.");
}
