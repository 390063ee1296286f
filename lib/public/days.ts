import { DAY, MINUTE } from "#lib/base/clock.ts";
import type { ComponentStatus } from "#lib/model/status.ts";
import type { Span } from "#lib/model/uptime.ts";

import { DAY_LETTERS, type DayLetters, type DayTrouble } from "./types.ts";
import type { Window } from "./window.ts";

// The worst moment names the day. Planned work outranks a fine day so that it shows at all, and
// a gap in the data does not hide what is known of the rest of the day.
const WORST_FIRST: readonly ComponentStatus[] = [
  "major_outage",
  "partial_outage",
  "degraded_performance",
  "under_maintenance",
  "operational",
];

type Spent = Partial<Record<ComponentStatus, number>>;

/** Milliseconds of each day that each status took. */
function spentByDay(spans: readonly Span[], window: Window): Spent[] {
  const days: Spent[] = Array.from({ length: window.days }, () => ({}));
  for (const span of spans) {
    const end = Math.min(span.endsAt ?? window.to, window.to);
    let at = Math.max(span.startsAt, window.from);
    while (at < end) {
      const index = Math.floor((at - window.from) / DAY);
      const dayEnd = Math.min(window.from + (index + 1) * DAY, end);
      const day = days[index];
      if (day === undefined) break;
      day[span.status] = (day[span.status] ?? 0) + (dayEnd - at);
      at = dayEnd;
    }
  }
  return days;
}

function affectedMinutes(day: Spent, worst: ComponentStatus): number {
  const affected =
    worst === "under_maintenance"
      ? (day.under_maintenance ?? 0)
      : (day.major_outage ?? 0) + (day.partial_outage ?? 0) + (day.degraded_performance ?? 0);
  // a trouble of seconds is still one that was there
  return Math.max(1, Math.round(affected / MINUTE));
}

/**
 * A component's bar: one letter a day for its worst moment, and how long the days that were not
 * simply fine were affected. Time that no span covers is not known.
 */
export function summariseDays(
  spans: readonly Span[],
  window: Window,
): { readonly days: DayLetters; readonly trouble: readonly DayTrouble[] } {
  const trouble: DayTrouble[] = [];
  const letters = spentByDay(spans, window).map((day, index) => {
    const worst = WORST_FIRST.find((status) => (day[status] ?? 0) > 0);
    if (worst === undefined) return DAY_LETTERS.unknown;
    if (worst !== "operational") trouble.push({ day: index, minutes: affectedMinutes(day, worst) });
    return DAY_LETTERS[worst];
  });
  return { days: letters.join(""), trouble };
}
