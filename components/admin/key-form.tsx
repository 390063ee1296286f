"use client";

import { useActionState, useId } from "react";

import { CopyButton } from "./copy-button.tsx";
import { Choices, FormMessage, SelectField, SubmitButton, TextField, type Option } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { HINT, INPUT, WIDE } from "./styles.ts";
import { SCOPE_WORDS } from "./key-words.ts";

const SCOPES: readonly Option[] = Object.entries(SCOPE_WORDS).map(([value, label]) => ({ value, label }));
const LIFETIMES: readonly Option[] = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "0", label: "Until it is revoked" },
];

/** The key, whole: the only time that anybody sees it. */
function IssuedKey({ value }: { readonly value: string }) {
  const id = useId();
  return (
    <div className="grid gap-2 rounded-lg border-2 border-ok bg-card p-3">
      <label htmlFor={id} className="font-semibold">
        Your key
      </label>
      <div className="flex flex-wrap gap-3">
        <input
          id={id}
          readOnly
          value={value}
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
          className={`${INPUT} min-w-0 flex-1 basis-72 font-mono text-sm`}
        />
        <CopyButton text={value} label="Copy key" />
      </div>
      <p className={HINT}>Keep it now: it is not stored and cannot be shown again.</p>
    </div>
  );
}

/** Makes a key. */
export function KeyForm({
  action,
  regions,
}: {
  readonly action: FormAction;
  readonly regions: readonly string[];
}) {
  const [state, send] = useActionState(action, FRESH_FORM);
  const list = useId();
  return (
    <form action={send} className="grid gap-5">
      <FormMessage state={state} />
      {state.issuedKey === undefined ? null : <IssuedKey value={state.issuedKey} />}
      <TextField
        state={state}
        name="name"
        label="Name"
        placeholder="Deploy pipeline"
        required
        maxLength={100}
      />
      <Choices state={state} name="scope" label="What it may do" initial="deploys" options={SCOPES} />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          state={state}
          name="region"
          label="Region"
          hint="Only for an agent: where it looks from."
          placeholder="eu-west"
          list={list}
        />
        <SelectField state={state} name="days" label="Valid for" initial="365" options={LIFETIMES} />
      </div>
      <datalist id={list}>
        {regions.map((region) => (
          <option key={region} value={region}>
            {region}
          </option>
        ))}
      </datalist>
      <div>
        <SubmitButton className={WIDE}>Make key</SubmitButton>
      </div>
    </form>
  );
}
