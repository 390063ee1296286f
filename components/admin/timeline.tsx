import type { ReactNode } from "react";

import { Moment } from "#components/ui/time.tsx";
import { COMPONENT_STATUS_LABELS, type ComponentStatus } from "#lib/model/status.ts";

import { HINT } from "./styles.ts";

export interface TimelineEntry {
  readonly id: string;
  readonly title: string;
  /** Sanitised HTML. */
  readonly html: string;
  /** ISO 8601. */
  readonly at: string;
  readonly author: string | null;
  readonly changes: readonly {
    readonly name: string;
    readonly from: ComponentStatus;
    readonly to: ComponentStatus;
  }[];
  /** What can be done with this entry. */
  readonly tools?: ReactNode;
}

/** Updates, newest first. */
export function Timeline({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <ol className="grid gap-5">
      {entries.map((entry) => (
        <li key={entry.id} className="grid gap-1 border-l-3 border-line-strong pl-4">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <strong>{entry.title}</strong>
            <span className={HINT}>
              <Moment at={entry.at} />
              {entry.author === null ? "" : ` · ${entry.author}`}
            </span>
          </p>
          {/* made by lib/public/markdown.ts, which lets text structure and links through and nothing else */}
          <div className="prose wrap-anywhere" dangerouslySetInnerHTML={{ __html: entry.html }} />
          {entry.changes.map((change) => (
            <p key={change.name} className={HINT}>
              {change.name}: {COMPONENT_STATUS_LABELS[change.from]} → {COMPONENT_STATUS_LABELS[change.to]}
            </p>
          ))}
          {entry.tools}
        </li>
      ))}
    </ol>
  );
}
