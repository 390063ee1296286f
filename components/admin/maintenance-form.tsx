"use client";

import { useActionState } from "react";

import { COMPONENT_FIELD } from "./component-field.ts";
import { CheckBox, FormMessage, SubmitButton, TextArea, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { HINT, WIDE } from "./styles.ts";
import { zoneInWords } from "./words.ts";

/** Announces a maintenance. Times are wall-clock times of the page's zone, which is named. */
export function MaintenanceForm(props: {
  readonly action: FormAction;
  readonly timeZone: string;
  /** Local times of the page's zone, `2026-10-25T02:30`. */
  readonly start: string;
  readonly end: string;
  readonly components: readonly {
    readonly id: string;
    readonly name: string;
    readonly group: string | null;
  }[];
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  const zone = `Time in ${zoneInWords(props.timeZone)}.`;
  return (
    <form action={send} className="grid gap-5">
      <FormMessage state={state} />
      <TextField
        state={state}
        name="name"
        label="What is going to happen"
        placeholder="Database upgrade"
        required
        maxLength={160}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          state={state}
          name="scheduledFor"
          type="datetime-local"
          label="Start"
          hint={zone}
          initial={props.start}
          required
        />
        <TextField
          state={state}
          name="scheduledUntil"
          type="datetime-local"
          label="End"
          hint={zone}
          initial={props.end}
          required
        />
      </div>
      <fieldset>
        <legend className="font-semibold">Components under maintenance</legend>
        {props.components.length === 0 ? <p className={HINT}>There are no components yet.</p> : null}
        {props.components.map((component) => (
          <CheckBox
            key={component.id}
            state={state}
            name={`${COMPONENT_FIELD}${component.id}`}
            label={component.name}
            hint={component.group ?? undefined}
          />
        ))}
        {state.problems["components"] === undefined ? null : (
          <p className="text-sm font-semibold text-major">{state.problems["components"]}</p>
        )}
      </fieldset>
      <TextArea
        state={state}
        name="body"
        label="Message"
        initial="We carry out scheduled work. Some functions may be unavailable for a short time."
        hint="Markdown: **bold**, lists, links."
        required
      />
      <div>
        <SubmitButton className={WIDE}>Schedule maintenance</SubmitButton>
      </div>
    </form>
  );
}
