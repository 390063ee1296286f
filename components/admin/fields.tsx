"use client";

import { useId, type ReactNode } from "react";
import { useFormStatus } from "react-dom";

import { ticked, typed, type FormState } from "./form-state.ts";
import { HINT, INPUT, PRIMARY } from "./styles.ts";

interface FieldProps {
  readonly state: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly initial?: string;
}

interface Described {
  readonly id: string;
  readonly "aria-invalid"?: true;
  readonly "aria-describedby"?: string;
}

/** A label, a control that is tied to it, a hint, and what is wrong with it. */
function Field({
  state,
  name,
  label,
  hint,
  children,
}: FieldProps & { children: (control: Described) => ReactNode }) {
  const id = useId();
  const problem = state.problems[name];
  const describedBy = [
    hint === undefined ? null : `${id}-hint`,
    problem === undefined ? null : `${id}-problem`,
  ]
    .filter((part) => part !== null)
    .join(" ");
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      {children({
        id,
        ...(problem === undefined ? {} : { "aria-invalid": true as const }),
        ...(describedBy === "" ? {} : { "aria-describedby": describedBy }),
      })}
      {hint === undefined ? null : (
        <div id={`${id}-hint`} className={HINT}>
          {hint}
        </div>
      )}
      {problem === undefined ? null : (
        <p id={`${id}-problem`} className="text-sm font-semibold text-major">
          {problem}
        </p>
      )}
    </div>
  );
}

type TextKind = "text" | "email" | "password" | "url" | "datetime-local" | "number";

/** One line of text. A password is never given back. */
export function TextField(
  props: FieldProps & {
    readonly type?: TextKind;
    readonly autoComplete?: string;
    readonly placeholder?: string;
    readonly required?: boolean;
    readonly maxLength?: number;
    readonly min?: number;
    /** Id of a datalist to choose from. */
    readonly list?: string;
    readonly step?: number | "any";
  },
) {
  const { state, name, initial = "", type = "text", label: _label, hint: _hint, ...rest } = props;
  return (
    <Field {...props}>
      {(control) => (
        <input
          {...control}
          {...rest}
          name={name}
          type={type}
          className={INPUT}
          defaultValue={type === "password" ? undefined : typed(state, name, initial)}
        />
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea(
  props: FieldProps & { readonly rows?: number; readonly required?: boolean; readonly mono?: boolean },
) {
  const { state, name, initial = "", rows = 5, required = false, mono = false } = props;
  return (
    <Field {...props}>
      {(control) => (
        <textarea
          {...control}
          name={name}
          rows={rows}
          required={required}
          className={mono ? `${INPUT} font-mono text-sm` : INPUT}
          defaultValue={typed(state, name, initial)}
        />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** A choice from a list. */
export function SelectField(props: FieldProps & { readonly options: readonly Option[] }) {
  const { state, name, initial = "", options } = props;
  const value = typed(state, name, initial);
  return (
    <Field {...props}>
      {(control) => (
        // React's form reset forgets a select's new default; a new element has none to forget
        <select {...control} key={value} name={name} className={INPUT} defaultValue={value}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** One choice of a few, all of them in sight and one tap away. */
export function Choices({
  state,
  name,
  label,
  initial = "",
  options,
}: FieldProps & { readonly options: readonly Option[] }) {
  const value = typed(state, name, initial);
  const problem = state.problems[name];
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-semibold">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((option) => (
          <label
            key={`${option.value}-${value}`}
            className="flex min-h-11 cursor-pointer items-center gap-2 rounded-lg border border-line-strong bg-card px-3 py-2 has-checked:border-accent has-checked:bg-sunk has-checked:font-semibold"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              defaultChecked={option.value === value}
              className="size-4 accent-accent"
            />
            {option.label}
          </label>
        ))}
      </div>
      {problem === undefined ? null : <p className="text-sm font-semibold text-major">{problem}</p>}
    </fieldset>
  );
}

/** A box to tick. */
export function CheckBox({
  state,
  name,
  label,
  hint,
  initial = false,
}: Omit<FieldProps, "initial"> & { readonly initial?: boolean }) {
  const on = ticked(state, name, initial);
  return (
    <label key={String(on)} className="flex min-h-11 cursor-pointer items-start gap-3 py-2">
      <input type="checkbox" name={name} defaultChecked={on} className="mt-1 size-5 shrink-0 accent-accent" />
      <span>
        {label}
        {hint === undefined ? null : <span className={`block ${HINT}`}>{hint}</span>}
      </span>
    </label>
  );
}

/** Sends the form; says so while it is under way, and cannot be pressed twice. */
export function SubmitButton(props: {
  readonly children: ReactNode;
  readonly className?: string;
  readonly name?: string;
  readonly value?: string;
}) {
  const { pending } = useFormStatus();
  const { children, className = PRIMARY, ...rest } = props;
  return (
    <button type="submit" className={className} disabled={pending} {...rest}>
      {pending ? "Sending…" : children}
    </button>
  );
}

/** What the server has to say about the form as a whole. */
export function FormMessage({ state }: { readonly state: FormState }) {
  if (state.message === null) return null;
  const done = state.tone === "done";
  return (
    <div
      role={done ? "status" : "alert"}
      className={`rounded-lg border-2 bg-card p-3 font-semibold ${done ? "border-ok text-ok" : "border-major text-major"}`}
    >
      {state.message}{" "}
      {state.signInAt === null ? null : (
        <a href={state.signInAt} target="_blank" rel="noopener">
          Sign in
        </a>
      )}
    </div>
  );
}
