"use client";

import { useActionState } from "react";

import { FormMessage, SubmitButton, TextArea, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { FOLD_ROW, SECONDARY } from "./styles.ts";
import { zoneInWords } from "./words.ts";

/** One step of a maintenance with the words that go out with it. */
export interface StepChoice {
  readonly action: FormAction;
  readonly title: string;
  readonly button: string;
  readonly words: string;
  readonly className?: string;
}

/** A step behind its own fold: the fold is the question, the button the answer. */
export function MaintenanceStep({
  step,
  revision,
}: {
  readonly step: StepChoice;
  readonly revision: number;
}) {
  const [state, send] = useActionState(step.action, FRESH_FORM);
  return (
    <details className="rounded-lg border border-line px-4" open={state.message !== null || undefined}>
      <summary className={FOLD_ROW}>{step.title}</summary>
      <form action={send} className="grid gap-3 pb-4">
        <FormMessage state={state} />
        <input type="hidden" name="revision" value={revision} />
        <TextArea state={state} name="body" label="Message" initial={step.words} rows={3} required />
        <div>
          <SubmitButton className={step.className ?? SECONDARY}>{step.button}</SubmitButton>
        </div>
      </form>
    </details>
  );
}

/** A new end, later or sooner. */
export function MoveEndForm(props: {
  readonly action: FormAction;
  readonly revision: number;
  readonly end: string;
  readonly timeZone: string;
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  return (
    <details className="rounded-lg border border-line px-4" open={state.message !== null || undefined}>
      <summary className={FOLD_ROW}>Extend or cut short</summary>
      <form action={send} className="grid gap-3 pb-4">
        <FormMessage state={state} />
        <input type="hidden" name="revision" value={props.revision} />
        <TextField
          state={state}
          name="scheduledUntil"
          type="datetime-local"
          label="New end"
          hint={`Time in ${zoneInWords(props.timeZone)}.`}
          initial={props.end}
          required
        />
        <TextArea
          state={state}
          name="body"
          label="Message"
          initial="The end of this maintenance has changed."
          rows={3}
          required
        />
        <div>
          <SubmitButton className={SECONDARY}>Move the end</SubmitButton>
        </div>
      </form>
    </details>
  );
}
