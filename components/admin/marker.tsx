import type { ReactNode } from "react";

import { StatusIcon } from "#components/ui/status-icon.tsx";
import { TONES } from "#components/ui/tone.ts";
import type { ComponentStatus, Impact } from "#lib/model/status.ts";

/** The status whose colour and shape stands for an impact. */
const IMPACT_STATUS: Readonly<Record<Impact, ComponentStatus>> = {
  none: "unknown",
  minor: "degraded_performance",
  major: "partial_outage",
  critical: "major_outage",
};

/** Words with the colour and shape of a status. */
export function StatusMarker({
  status,
  children,
}: {
  readonly status: ComponentStatus;
  readonly children: ReactNode;
}) {
  return (
    <span className={`${TONES[status]} inline-flex items-center gap-1.5 font-semibold text-(--tone)`}>
      <StatusIcon status={status} />
      {children}
    </span>
  );
}

/** Planned and running work has the spanner; what is over is plain words. */
export function WorkMarker({ over, children }: { readonly over: boolean; readonly children: ReactNode }) {
  return over ? (
    <strong>{children}</strong>
  ) : (
    <StatusMarker status="under_maintenance">{children}</StatusMarker>
  );
}

/** The same for an incident's impact. */
export function Marker({ impact, children }: { readonly impact: Impact; readonly children: ReactNode }) {
  return <StatusMarker status={IMPACT_STATUS[impact]}>{children}</StatusMarker>;
}
