import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";

/** "40 seconds", "8 minutes", "3 hours". */
export function span(ms: number): string {
  if (ms < 90 * SECOND) return count(Math.max(1, Math.round(ms / SECOND)), "second");
  if (ms < 90 * MINUTE) return count(Math.round(ms / MINUTE), "minute");
  return count(Math.round(ms / HOUR), "hour");
}

/** "1 region", "3 regions". */
export function count(n: number, what: string): string {
  return `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
}

/** "12:04 UTC". */
export function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** "35 %". */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
