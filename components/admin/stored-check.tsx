"use client";

import { useActionState } from "react";

import { FormMessage, SubmitButton } from "./fields.tsx";
import { FRESH_FORM, type FormAction } from "./form-state.ts";
import { CARD, HINT, SECONDARY } from "./styles.ts";
import { TestReport } from "./test-report.tsx";

/** A check as it is stored, for reading: secrets are masked before it gets here. */
export interface StoredCheckView {
  readonly kind: string;
  /** Its target as text. */
  readonly target: string;
  /** What it does not see because of how it is set; null: nothing. */
  readonly note: string | null;
  /** Seconds. */
  readonly interval: string;
  readonly timeout: string;
}

/** What a check does that is changed elsewhere or has no form here, and a button that tries it out. */
export function StoredCheck({
  view,
  action,
}: {
  readonly view: StoredCheckView;
  readonly action: FormAction;
}) {
  const [state, send] = useActionState(action, FRESH_FORM);
  const facts = [
    ["Kind", view.kind],
    ["Every", `${view.interval} s`],
    ["Time-out", `${view.timeout} s`],
  ] as const;
  return (
    <form action={send} className={`${CARD} grid gap-5`}>
      <FormMessage state={state} />
      {state.tested === undefined ? null : <TestReport evidence={state.tested} />}
      <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className={HINT}>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <dt className={HINT}>Target</dt>
        <dd>
          <pre className="rounded bg-sunk p-3 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
            {view.target}
          </pre>
        </dd>
      </dl>
      {view.note === null ? null : <p className={HINT}>{view.note}</p>}
      <div>
        <SubmitButton className={SECONDARY}>Test now</SubmitButton>
      </div>
    </form>
  );
}
