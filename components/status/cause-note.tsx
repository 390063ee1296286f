"use client";

import type { Cause } from "#lib/model/verdict.ts";

import { causeTitle, isNamed } from "./fault-words.ts";

/** Numbers stay with their units at the end of a line. */
function glued(text: string): string {
  return text.replaceAll(/(\d) (?=[a-z%])/g, "$1\u00A0");
}

/** The cause in one line: how sure it is, and the sentence. */
export function CauseLine({ cause }: { cause: Cause }) {
  // the sentence says itself that nothing is clear yet
  if (cause.kind === "unknown") return <b>{glued(cause.summary)}</b>;
  return (
    <>
      <b>{causeTitle(cause)}.</b> {glued(cause.summary)}
    </>
  );
}

/** What a cause rests on, folded; opens without JavaScript. Nothing when there is nothing to tell. */
export function Evidence({ cause }: { cause: Cause }) {
  if (cause.evidence.length === 0) return null;
  return (
    <details className="evidence">
      <summary>What this rests on</summary>
      <EvidenceList cause={cause} />
    </details>
  );
}

/** The same unfolded. What speaks for and against is said in words: there is something to weigh. */
export function EvidenceList({ cause }: { cause: Cause }) {
  const named = isNamed(cause);
  return (
    <ul>
      {cause.evidence.map(({ rule, text, weight }) => (
        <li key={rule}>
          {named ? <span className="soft">{weight < 0 ? "Against it: " : "For it: "}</span> : null}
          {glued(text)}
        </li>
      ))}
    </ul>
  );
}
