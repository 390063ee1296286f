"use client";

import { useActionState } from "react";

import { CheckBox, FormMessage, SelectField, SubmitButton, TextArea, TextField } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { HttpConnectionFields, type ConnectionDefaults } from "./http-connection-fields.tsx";
import { FOLD_ROW, SECONDARY } from "./styles.ts";
import { TestReport } from "./test-report.tsx";

/** What the form of an http check begins with; times in seconds, as text. */
export interface CheckDefaults extends ConnectionDefaults {
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly expectStatus: string;
  readonly keyword: string;
  readonly keywordAbsent: string;
  readonly pattern: string;
  readonly patternAbsent: string;
  readonly json: string;
  readonly headers: string;
  readonly body: string;
  readonly interval: string;
  readonly timeout: string;
  readonly slow: string;
  readonly enabled: boolean;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((value) => ({
  value,
  label: value,
}));

const JSON_HINT =
  'One a line: path, comparison, value, like $.status eq "ok" or $.queue.depth lt 100. Comparisons: eq, ne, lt, le, gt, ge, contains, exists, matches.';

/** A check of kind http: tried out with one button, saved with the other. */
export function CheckForm({
  action,
  defaults,
}: {
  readonly action: FormAction;
  readonly defaults: CheckDefaults;
}) {
  const [state, send] = useActionState(action, FRESH_FORM);
  return (
    <form action={send} className="grid gap-5">
      <FormMessage state={state} />
      {state.tested === undefined ? null : <TestReport evidence={state.tested} />}
      <TextField
        state={state}
        name="name"
        label="Name"
        placeholder="front door"
        initial={defaults.name}
        required
        maxLength={100}
      />
      <TextField
        state={state}
        name="url"
        type="url"
        label="Address"
        placeholder="https://api.example.com/health"
        initial={defaults.url}
        required
      />
      <div className="grid grid-cols-3 gap-3 sm:gap-5">
        <TextField
          state={state}
          name="interval"
          type="number"
          label="Every"
          hint="Seconds."
          initial={defaults.interval}
          min={1}
          step="any"
          required
        />
        <TextField
          state={state}
          name="timeout"
          type="number"
          label="Time-out"
          hint="Seconds."
          initial={defaults.timeout}
          step="any"
          required
        />
        <TextField
          state={state}
          name="slow"
          type="number"
          label="Slow after"
          hint="Seconds."
          initial={defaults.slow}
          step="any"
        />
      </div>
      <details className="rounded-lg border border-line px-4">
        <summary className={FOLD_ROW}>Request and expectations</summary>
        <div className="grid gap-5 pb-4">
          <div className="grid gap-5 sm:grid-cols-2">
            <SelectField
              state={state}
              name="method"
              label="Method"
              initial={defaults.method}
              options={METHODS}
            />
            <TextField
              state={state}
              name="expectStatus"
              label="Statuses that are fine"
              hint="For example 200-299, 401."
              initial={defaults.expectStatus}
              required
            />
          </div>
          <TextField
            state={state}
            name="keyword"
            label="The answer must contain"
            initial={defaults.keyword}
          />
          <TextField
            state={state}
            name="keywordAbsent"
            label="The answer must not contain"
            initial={defaults.keywordAbsent}
          />
          <TextField
            state={state}
            name="pattern"
            label="A pattern must be found in it"
            hint="Regular expression in RE2's syntax: no look-around, no back references."
            initial={defaults.pattern}
          />
          <TextField
            state={state}
            name="patternAbsent"
            label="A pattern must not be found in it"
            initial={defaults.patternAbsent}
          />
          <TextArea
            state={state}
            name="json"
            label="Comparisons in JSON"
            rows={3}
            mono
            initial={defaults.json}
            hint={JSON_HINT}
          />
          <TextArea
            state={state}
            name="headers"
            label="Headers"
            rows={3}
            mono
            initial={defaults.headers}
            hint="Name: value, one a line. Secret values are shown as dots once they are saved."
          />
          <TextArea state={state} name="body" label="Body" rows={3} mono initial={defaults.body} />
        </div>
      </details>
      <details className="rounded-lg border border-line px-4">
        <summary className={FOLD_ROW}>Credentials and connection</summary>
        <HttpConnectionFields state={state} defaults={defaults} />
      </details>
      <CheckBox state={state} name="enabled" label="Switched on" initial={defaults.enabled} />
      <div className="flex flex-wrap gap-3">
        <SubmitButton name="intent" value="save">
          Save check
        </SubmitButton>
        <SubmitButton name="intent" value="test" className={SECONDARY}>
          Test now
        </SubmitButton>
      </div>
    </form>
  );
}
