/** A wall clock's reading without a zone, as `<input type="datetime-local">` sends it. */
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** No zone has ever been further from UTC than 16 hours; a day to each side sees every change. */
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it a hundred times; there are some 600 zones at most. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What a clock on the wall shows, as if it were UTC, in milliseconds. */
function wallClock(at: number, timeZone: string): number {
  const parts = new Map<string, number>();
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) parts.set(type, Number(value));
  const part = (name: string): number => parts.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

/** True when the name is a time zone that this machine knows, e.g. `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** A local time that clocks show once, twice (`repeated`), or never (`skipped`). */
export type LocalTimeReading =
  | { readonly kind: "exact"; readonly at: Date }
  | { readonly kind: "repeated"; readonly earlier: Date; readonly later: Date }
  | { readonly kind: "skipped" }
  | { readonly kind: "invalid" };

/** The reading as if it were UTC, or null when it is no date, e.g. February 30. */
function parseLocal(local: string): number | null {
  const match = LOCAL.exec(local);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const rolledOver = new Date(wall).toISOString().slice(0, 16) !== local.slice(0, 16);
  return rolledOver ? null : wall;
}

/**
 * Reads a local time (`2026-10-25T02:30`) in a zone. When clocks go back an hour shows twice,
 * when they go forward an hour is never shown; the caller decides what that means to it.
 */
export function readLocalTime(local: string, timeZone: string): LocalTimeReading {
  const wall = parseLocal(local);
  if (wall === null) return { kind: "invalid" };
  // the offsets in force around it; each gives a candidate, true if the wall clock then says so
  const offsets = new Set([wall - DAY_MS, wall, wall + DAY_MS].map((at) => wallClock(at, timeZone) - at));
  const candidates = [...offsets].map((offset) => wall - offset);
  const matching = candidates.filter((at) => wallClock(at, timeZone) === wall).toSorted((a, b) => a - b);
  const [earlier, later] = matching;
  if (earlier === undefined) return { kind: "skipped" };
  if (later === undefined) return { kind: "exact", at: new Date(earlier) };
  return { kind: "repeated", earlier: new Date(earlier), later: new Date(later) };
}

/** What a wall clock in the zone shows, as `<input type="datetime-local">` wants it. */
export function toLocalTime(at: Date, timeZone: string): string {
  return new Date(wallClock(at.getTime(), timeZone)).toISOString().slice(0, 16);
}
