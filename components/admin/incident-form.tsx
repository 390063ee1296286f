"use client";

import { useActionState } from "react";

import { UPDATE_WORDS } from "#components/status/words.ts";

import { ComponentStatuses, type ComponentChoice } from "./component-statuses.tsx";
import { Choices, FormMessage, SubmitButton, TextArea, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { WIDE } from "./styles.ts";

const STATUSES = (["investigating", "identified", "monitoring"] as const).map((value) => ({
  value,
  label: UPDATE_WORDS[value],
}));

/** True of nearly every first update, so that at 3 a.m. a name is all there is to type. */
const FIRST_WORDS = "We are looking into this and will post an update here as soon as we know more.";

/** Posts an incident. */
export function IncidentForm({
  action,
  choices,
}: {
  readonly action: FormAction;
  readonly choices: readonly ComponentChoice[];
}) {
  const [state, send] = useActionState(action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-5">
      <FormMessage state={state} />
      <TextField
        state={state}
        name="name"
        label="What is wrong"
        placeholder="Checkout fails for some visitors"
        required
        maxLength={160}
      />
      <ComponentStatuses state={state} choices={choices} />
      <Choices state={state} name="status" label="Where you are" initial="investigating" options={STATUSES} />
      <TextArea
        state={state}
        name="body"
        label="Message"
        initial={FIRST_WORDS}
        hint="Markdown: **bold**, lists, links."
        required
      />
      <div>
        <SubmitButton className={WIDE}>Publish incident</SubmitButton>
      </div>
    </form>
  );
}
