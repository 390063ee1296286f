"use client";

import type { PublicUpdate } from "#lib/public/types.ts";
import { Moment } from "#components/ui/time.tsx";

import { COMPONENT_STATUS_LABELS } from "#lib/model/status.ts";
import { UPDATE_WORDS } from "./words.ts";

interface UpdatesProps {
  /** Newest first. */
  readonly updates: readonly PublicUpdate[];
  /** How many stay in sight; the others unfold. */
  readonly shown?: number;
  /** Whether each update lists what it changed. */
  readonly changes?: boolean;
}

/** What was said about an incident or a maintenance, newest first, along a line. */
export function Updates({ updates, shown = updates.length, changes = false }: UpdatesProps) {
  const older = updates.slice(shown);
  return (
    <>
      <UpdateList updates={updates.slice(0, shown)} changes={changes} />
      {older.length === 0 ? null : (
        <details className="older">
          <summary>Earlier updates ({older.length})</summary>
          <UpdateList updates={older} changes={changes} />
        </details>
      )}
    </>
  );
}

function UpdateList({ updates, changes }: { updates: readonly PublicUpdate[]; changes: boolean }) {
  return (
    <ol className="updates">
      {updates.map((update) => (
        <li key={update.id}>
          <p className="update-head">
            <b>{UPDATE_WORDS[update.status]}</b> <Moment at={update.displayAt} />
          </p>
          {/* sanitised by lib/public/markdown.ts: a short list of tags and no attributes but href */}
          <div className="prose" dangerouslySetInnerHTML={{ __html: update.html }} />
          {changes && update.components.length > 0 ? <Changes update={update} /> : null}
        </li>
      ))}
    </ol>
  );
}

function Changes({ update }: { update: PublicUpdate }) {
  return (
    <ul className="changes">
      {update.components.map(({ id, name, oldStatus, newStatus }) => (
        <li key={id}>
          {name}: {COMPONENT_STATUS_LABELS[oldStatus]} → <b>{COMPONENT_STATUS_LABELS[newStatus]}</b>
        </li>
      ))}
    </ul>
  );
}
