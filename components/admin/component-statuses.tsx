"use client";

import { COMPONENT_FIELD } from "./component-field.ts";
import { typed, type FormState } from "./form-state.ts";
import { HINT, INPUT } from "./styles.ts";
import { AFFECTED_OPTIONS, STATED_OPTIONS } from "./words.ts";

/** A component as the forms of incidents and maintenance offer it. */
export interface ComponentChoice {
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
  /** What the form begins with: a status, or "" for not affected. */
  readonly initial: string;
  /** Part of the incident already: it can be released, but not taken out. */
  readonly stated: boolean;
}

/** What is said of each component: a native list each, which a thumb, a keyboard and no script can work. */
export function ComponentStatuses({
  state,
  choices,
}: {
  readonly state: FormState;
  readonly choices: readonly ComponentChoice[];
}) {
  const problem = state.problems["components"];
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-semibold">Affected components</legend>
      {choices.length === 0 ? (
        <p className={HINT}>There are no components yet; the incident can be posted without.</p>
      ) : null}
      {choices.map((choice) => {
        const name = `${COMPONENT_FIELD}${choice.id}`;
        const value = typed(state, name, choice.initial);
        const options = choice.stated ? STATED_OPTIONS : AFFECTED_OPTIONS;
        return (
          <div key={choice.id} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-3">
            <div className="min-w-0 wrap-anywhere">
              <label htmlFor={name}>{choice.name}</label>
              {choice.group === null ? null : <p className={HINT}>{choice.group}</p>}
            </div>
            <select key={value} id={name} name={name} className={INPUT} defaultValue={value}>
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          </div>
        );
      })}
      {problem === undefined ? null : <p className="text-sm font-semibold text-major">{problem}</p>}
    </fieldset>
  );
}
