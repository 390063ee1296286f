import type { ComponentStatus } from "./status.ts";

/** A stretch of one status; `endsAt` null while it lasts. Epoch milliseconds. */
export interface Span {
  readonly status: ComponentStatus;
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/** How much of a moment in that status counts as down. */
export const DOWNTIME_WEIGHT: Readonly<Record<ComponentStatus, number>> = {
  operational: 0,
  degraded_performance: 0,
  partial_outage: 0.3,
  major_outage: 1,
  under_maintenance: 0,
  unknown: 0,
};

export interface Uptime {
  /** 0 to 1; null when nothing was known in the whole window. */
  readonly ratio: number | null;
  /** Milliseconds of the window spent in each status; time before the first span is unknown. */
  readonly spent: Readonly<Record<ComponentStatus, number>>;
}

/**
 * Uptime of [from, to): 1 - (major + 0.3 * partial) / (window - maintenance - unknown).
 * Degraded time counts as up; maintenance and unknown time leave the denominator.
 */
export function uptime(spans: readonly Span[], from: number, to: number): Uptime {
  const spent: Record<ComponentStatus, number> = {
    operational: 0,
    degraded_performance: 0,
    partial_outage: 0,
    major_outage: 0,
    under_maintenance: 0,
    unknown: 0,
  };
  let covered = 0;
  for (const span of spans) {
    const overlap = Math.min(span.endsAt ?? to, to) - Math.max(span.startsAt, from);
    if (overlap <= 0) continue;
    spent[span.status] += overlap;
    covered += overlap;
  }
  spent.unknown += Math.max(0, to - from - covered);
  const known = to - from - spent.under_maintenance - spent.unknown;
  if (known <= 0) return { ratio: null, spent };
  const down =
    spent.major_outage * DOWNTIME_WEIGHT.major_outage + spent.partial_outage * DOWNTIME_WEIGHT.partial_outage;
  return { ratio: 1 - down / known, spent };
}
