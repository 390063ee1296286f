"use client";

import { useActionState } from "react";

import {
  CheckBox,
  FormMessage,
  SelectField,
  SubmitButton,
  TextArea,
  TextField,
  type Option,
} from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { WIDE } from "./styles.ts";

export interface ComponentDefaults {
  readonly name: string;
  readonly description: string;
  /** A group's id, or "". */
  readonly groupId: string;
  readonly showcase: boolean;
  readonly onlyShowIfDegraded: boolean;
  /** Address of a provider's status page, or "". */
  readonly dependsOn: string;
}

/** A component's name, place and words. */
export function ComponentForm(props: {
  readonly action: FormAction;
  readonly defaults: ComponentDefaults;
  readonly groups: readonly Option[];
  readonly button: string;
}) {
  const [state, send] = useActionState(props.action, FRESH_FORM);
  const { defaults } = props;
  return (
    <form action={send} className="grid gap-5">
      <FormMessage state={state} />
      <TextField
        state={state}
        name="name"
        label="Name"
        placeholder="Checkout API"
        initial={defaults.name}
        required
        maxLength={100}
      />
      <SelectField
        state={state}
        name="groupId"
        label="Group"
        initial={defaults.groupId}
        options={[{ value: "", label: "No group" }, ...props.groups]}
      />
      <TextArea
        state={state}
        name="description"
        label="Description"
        rows={2}
        initial={defaults.description}
        hint="For visitors; may stay empty."
      />
      <TextField
        state={state}
        name="dependsOn"
        label="Status page of a provider it depends on"
        type="url"
        placeholder="https://status.example.com"
        initial={defaults.dependsOn}
        maxLength={2000}
        hint="Any page with the Statuspage API v2. It is asked every minute, and what it says counts as evidence when this component fails."
      />
      <CheckBox
        state={state}
        name="onlyShowIfDegraded"
        label="Show only while something is wrong"
        initial={defaults.onlyShowIfDegraded}
      />
      <div>
        <SubmitButton className={WIDE}>{props.button}</SubmitButton>
      </div>
    </form>
  );
}

/** Makes a group. */
export function GroupForm({ action }: { readonly action: FormAction }) {
  const [state, send] = useActionState(action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-3 pb-4">
      <FormMessage state={state} />
      <TextField state={state} name="name" label="Name of the group" required maxLength={100} />
      <div>
        <SubmitButton className={WIDE}>Add group</SubmitButton>
      </div>
    </form>
  );
}
