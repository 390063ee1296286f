import { DAY } from "#lib/base/clock.ts";

/** Days that a bar shows, today included. */
export const HISTORY_DAYS = 90;
/** Days of the list of past incidents, today included. */
export const RECENT_DAYS = 14;

/** A stretch of whole UTC days up to now. Epoch milliseconds. */
export interface Window {
  /** Midnight UTC at which the first day begins. */
  readonly from: number;
  /** Now: the last day is as long as it has lasted. */
  readonly to: number;
  readonly days: number;
}

/** The last `days` UTC days, of which today is one. */
export function lastDays(days: number, now: number): Window {
  return { from: startOfDay(now) - (days - 1) * DAY, to: now, days };
}

/** Midnight UTC of the day that a moment lies in. */
export function startOfDay(at: number): number {
  return Math.floor(at / DAY) * DAY;
}

/** YYYY-MM-DD of a moment, in UTC. */
export function dayName(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
