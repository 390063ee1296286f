import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", SECOND],
  ["m", MINUTE],
  ["h", HOUR],
]);
const WHOLE = /^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h)){1,4}$/;
const PART = /([\d.]+)(ms|s|m|h)/g;

/** Milliseconds of `500ms`, `30s`, `1.5s`, `5m` or `1h30m`; null for anything else. */
export function parseDuration(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  const parts = [...text.matchAll(PART)];
  return Math.round(
    parts.reduce((ms, [, amount, unit = ""]) => ms + Number(amount) * (UNITS.get(unit) ?? 0), 0),
  );
}

/** The shortest whole way to write a duration: 90000 is `90s`, 120000 is `2m`. */
export function formatDuration(ms: number): string {
  const unit = [...UNITS].findLast(([, size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
