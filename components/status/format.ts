/**
 * Numbers, durations and dates in words. Everything goes through Intl with one locale, so that a
 * translation changes this file and the texts beside each component, and nothing else.
 */
import { DAY, HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";

export const LOCALE = "en";

/** Times are rendered in UTC by the server and in the visitor's zone once the page is alive. */
export const SERVER_ZONE = "UTC";

type DateStyle = "time" | "day" | "weekday" | "moment" | "full" | "month-day";

const STYLES: Readonly<Record<DateStyle, Intl.DateTimeFormatOptions>> = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  "month-day": { month: "short", day: "numeric" },
  day: { month: "short", day: "numeric", year: "numeric" },
  weekday: { weekday: "long", month: "long", day: "numeric" },
  moment: { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  full: {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  },
};

// building a formatter costs a hundred times what using it does
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(style: DateStyle, zone: string): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(LOCALE, { ...STYLES[style], timeZone: zone });
  formatters.set(key, made);
  return made;
}

/** A moment in a zone. `at` is ISO 8601 or epoch milliseconds. */
export function formatDate(at: string | number, style: DateStyle, zone: string): string {
  return formatter(style, zone).format(typeof at === "string" ? Date.parse(at) : at);
}

/** The UTC day (YYYY-MM-DD) that lies `days` after another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** A UTC day (YYYY-MM-DD) in words; days belong to UTC and never move with the visitor's zone. */
export function formatDay(day: string, style: "month-day" | "day" | "weekday"): string {
  return formatDate(`${day}T00:00:00Z`, style, SERVER_ZONE);
}

/** Whether two moments fall on the same day of a zone. */
export function sameDay(a: string | number, b: string | number, zone: string): boolean {
  return formatDate(a, "day", zone) === formatDate(b, "day", zone);
}

/**
 * A length of time in at most two units: "less than a minute", "6 min", "2 h 14 min", "3 d 4 h".
 * Rounded down, because "since" counts what has passed.
 */
export function formatDuration(ms: number): string {
  if (ms < MINUTE) return "less than a minute";
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return twoUnits(ms, HOUR, "h", MINUTE, "min");
  return twoUnits(ms, DAY, "d", HOUR, "h");
}

/** The same down to seconds, for things that are over: "42 s", "3 min 5 s". */
export function formatExactDuration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(1, Math.round(ms / SECOND))} s`;
  if (ms < 10 * MINUTE) return twoUnits(ms, MINUTE, "min", SECOND, "s");
  return formatDuration(ms);
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / big);
  const rest = Math.floor((ms - whole * big) / small);
  return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
}

/** "less than a minute ago", "6 min ago". */
export function formatAgo(ms: number): string {
  return `${formatDuration(Math.max(0, ms))} ago`;
}

const wholePercent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 0 });
// truncated: 99.999 % must not read as 100 %, which promises that nothing happened
const exactPercent = new Intl.NumberFormat(LOCALE, {
  style: "percent",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  roundingMode: "trunc",
});

/** An uptime between 0 and 1: "100%", "99.98%"; null reads as "no data". */
export function formatUptime(ratio: number | null): string {
  if (ratio === null) return "no data";
  return ratio === 1 ? wholePercent.format(1) : exactPercent.format(ratio);
}

const counts = new Intl.NumberFormat(LOCALE);

/** A whole number with separators. */
export function formatCount(value: number): string {
  return counts.format(value);
}

/** "1 check", "12 checks". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A response time: "84 ms", "1.24 s"; null reads as a dash. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1) return "<1 ms";
  return ms < SECOND ? `${Math.round(ms)} ms` : `${(ms / SECOND).toFixed(2)} s`;
}

/** A list in words: "A", "A and B", "A, B and C". */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(items);
}
