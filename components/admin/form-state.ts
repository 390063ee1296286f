import type { Evidence } from "#lib/model/evidence.ts";

/** What an action answers to its form: what was wrong, and everything that had been typed. */
export interface FormState {
  /** A sentence above the form; null: nothing to say. */
  readonly message: string | null;
  readonly tone: "error" | "done";
  /** A sentence beside each wrong field, by the field's name. */
  readonly problems: Readonly<Record<string, string>>;
  /** What had been typed, by field; null before the form was sent. */
  readonly values: Readonly<Record<string, string>> | null;
  /** Where to sign in when the session had ended; the form stays filled in. */
  readonly signInAt: string | null;
  /** What "test now" saw. */
  readonly tested?: Evidence;
  /** A key that was just made: shown now and never again. */
  readonly issuedKey?: string;
}

/** A form that nobody has sent yet. */
export const FRESH_FORM: FormState = {
  message: null,
  tone: "error",
  problems: {},
  values: null,
  signInAt: null,
};

export type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

/** What a field shows: what was typed, or what it began with. */
export function typed(state: FormState, name: string, initial: string): string {
  return state.values === null ? initial : (state.values[name] ?? "");
}

/** Whether a box is ticked; a box that is not ticked is not sent at all. */
export function ticked(state: FormState, name: string, initial: boolean): boolean {
  return state.values === null ? initial : state.values[name] !== undefined;
}
