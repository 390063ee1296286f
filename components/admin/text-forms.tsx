"use client";

import { useActionState } from "react";

import { FormMessage, SubmitButton, TextArea, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { SECONDARY } from "./styles.ts";

/** Corrects the text of an update that is out. */
export function RewriteForm(props: {
  readonly action: FormAction;
  readonly revision: number;
  readonly updateId: string;
  readonly body: string;
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-3 pt-2">
      <FormMessage state={state} />
      <input type="hidden" name="revision" value={props.revision} />
      <input type="hidden" name="updateId" value={props.updateId} />
      <TextArea state={state} name="body" label="Corrected text" initial={props.body} required />
      <div>
        <SubmitButton className={SECONDARY}>Save text</SubmitButton>
      </div>
    </form>
  );
}

/** Gives something another name. */
export function RenameForm(props: {
  readonly action: FormAction;
  readonly revision?: number;
  readonly name: string;
  readonly label: string;
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-3 pt-2">
      <FormMessage state={state} />
      {props.revision === undefined ? null : <input type="hidden" name="revision" value={props.revision} />}
      <TextField
        state={state}
        name="name"
        label={props.label}
        initial={props.name}
        required
        maxLength={160}
      />
      <div>
        <SubmitButton className={SECONDARY}>Save name</SubmitButton>
      </div>
    </form>
  );
}

/** One button with an answer: archive, restore, remove. */
export function ButtonForm(props: {
  readonly action: FormAction;
  readonly label: string;
  readonly className?: string;
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-3">
      <FormMessage state={state} />
      <div>
        <SubmitButton className={props.className ?? SECONDARY}>{props.label}</SubmitButton>
      </div>
    </form>
  );
}
