"use client";

import { COMPONENT_STATUS_LABELS } from "#lib/model/status.ts";
import type { PublicComponent } from "#lib/public/types.ts";
import { StatusIcon } from "#components/ui/status-icon.tsx";
import { SampleTag } from "#components/ui/tag.tsx";
import { TONES } from "#components/ui/tone.ts";

import { DayBar } from "./day-bar.tsx";
import { FaultNote } from "./fault-note.tsx";
import { formatUptime } from "./format.ts";

/** One component: name, days, uptime, status; and what is wrong with it, if anything is. */
export function ComponentRow({ component, firstDay }: { component: PublicComponent; firstDay: string }) {
  const { name, slug, description, status, sample, fault, uptime } = component;
  return (
    <li className={`row ${TONES[status]}`}>
      <h3 className="row-name">
        <a href={`/components/${slug}`}>{name}</a> <SampleTag shown={sample} />
        {description === null ? null : <small>{description}</small>}
      </h3>
      <DayBar component={component} firstDay={firstDay} />
      <span className="row-uptime">{formatUptime(uptime)}</span>
      <span className="row-status">
        <StatusIcon status={status} />
        {COMPONENT_STATUS_LABELS[status]}
      </span>
      {fault === null ? null : <FaultNote fault={fault} />}
    </li>
  );
}
