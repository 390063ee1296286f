"use client";

import type { ReactNode } from "react";

import { COMPONENT_STATUS_LABELS, worstStatus } from "#lib/model/status.ts";
import type { PublicGroup } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { TONES } from "#components/ui/tone.ts";

import { ComponentRow } from "./component-row.tsx";
import { formatDay, plural } from "./format.ts";

interface GroupProps {
  readonly group: PublicGroup;
  readonly firstDay: string;
  /** On a page with very many components, groups that are fine can be shut. */
  readonly folds: boolean;
}

/** A group of components under one heading; on long pages it folds while all in it is well. */
export function ComponentGroup({ group, firstDay, folds }: GroupProps) {
  const rows = (
    <ul className="rows">
      {group.components.map((component) => (
        <ComponentRow key={component.id} component={component} firstDay={firstDay} />
      ))}
    </ul>
  );
  if (!folds) {
    return (
      <section className="group">
        <GroupHead firstDay={firstDay}>{group.name ?? "Components"}</GroupHead>
        {rows}
      </section>
    );
  }
  const status = worstStatus(group.components.map((component) => component.status));
  return (
    <details className="group" open={status !== "operational"}>
      <summary className={TONES[status]}>
        <h2>{group.name ?? "Components"}</h2>
        <span className="soft">{plural(group.components.length, "component")}</span>
        <span className="row-status">
          <StatusIcon status={status} />
          {COMPONENT_STATUS_LABELS[status]}
        </span>
      </summary>
      {rows}
    </details>
  );
}

function GroupHead({ firstDay, children }: { firstDay: string; children: ReactNode }) {
  return (
    <div className="group-head">
      <h2>{children}</h2>
      <span className="axis" aria-hidden="true">
        <span>{formatDay(firstDay, "month-day")}</span>
        <span>Today</span>
      </span>
      <span className="row-uptime" aria-hidden="true">
        Uptime
      </span>
    </div>
  );
}
