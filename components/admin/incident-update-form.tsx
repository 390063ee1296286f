"use client";

import { useActionState } from "react";

import { UPDATE_WORDS } from "#components/status/words.ts";
import type { IncidentStatus } from "#lib/model/status.ts";

import { ComponentStatuses, type ComponentChoice } from "./component-statuses.tsx";
import { Choices, FormMessage, SubmitButton, TextArea } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { WIDE } from "./styles.ts";

/**
 * Adds an update. `revision` is the one that the page around the form shows: after a conflict the
 * page shows the newer state, and sending again is a decision made with both in view.
 */
export function IncidentUpdateForm(props: {
  readonly action: FormAction;
  readonly revision: number;
  readonly status: IncidentStatus;
  readonly resolved: boolean;
  readonly choices: readonly ComponentChoice[];
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  const open = ["investigating", "identified", "monitoring", "resolved"] as const;
  const statuses = props.resolved ? (["postmortem", "investigating"] as const) : open;
  const initial = statuses.some((status) => status === props.status) ? props.status : statuses[0];
  return (
    <form action={send} className="grid gap-5">
      <FormMessage state={state} />
      <input type="hidden" name="revision" value={props.revision} />
      <Choices
        state={state}
        name="status"
        label="Status"
        initial={initial}
        options={statuses.map((value) => ({ value, label: UPDATE_WORDS[value] }))}
      />
      <TextArea state={state} name="body" label="Message" hint="Markdown: **bold**, lists, links." required />
      {props.resolved ? null : <ComponentStatuses state={state} choices={props.choices} />}
      <p className="text-sm text-ink-soft">
        {props.resolved
          ? "“Investigating” opens the incident again."
          : "“Resolved” ends the incident and releases all its components."}
      </p>
      <div>
        <SubmitButton className={WIDE}>Publish update</SubmitButton>
      </div>
    </form>
  );
}
