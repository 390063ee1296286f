import { LOCALE } from "#components/status/format.ts";
import { healthOf, type Outcome } from "#lib/model/outcome.ts";
import { HEALTH_STATUS, type ComponentStatus } from "#lib/model/status.ts";

/** The status whose colour and shape stands for an outcome. */
export function outcomeStatus(outcome: Outcome): ComponentStatus {
  // fine for visitors, and something to do for the team
  return outcome === "certificate_expiring" ? "degraded_performance" : HEALTH_STATUS[healthOf(outcome)];
}

const STYLES = {
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  exact: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    timeZoneName: "short",
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A moment of the log: in the page's zone, as its filters are, and to the second. */
export function logTime(at: string, style: keyof typeof STYLES, timeZone: string): string {
  const key = `${style} ${timeZone}`;
  const known = formatters.get(key);
  const formatter = known ?? new Intl.DateTimeFormat(LOCALE, { ...STYLES[style], timeZone });
  if (known === undefined) formatters.set(key, formatter);
  return formatter.format(Date.parse(at));
}
