"use client";

import { useSyncExternalStore } from "react";

const SERVER_ZONE = "UTC";

const never = (): (() => void) => () => {};
const visitorZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const serverZone = (): string => SERVER_ZONE;

/**
 * UTC in the server's HTML and while React takes it over, the visitor's own zone right after:
 * the two renders agree, so there is no mismatch, and digits are as wide as digits.
 */
export function useTimeZone(): string {
  return useSyncExternalStore(never, visitorZone, serverZone);
}

const yes = (): boolean => true;
const no = (): boolean => false;

/** False in the server's HTML, true once the page is alive: for what needs JavaScript to work. */
export function useAlive(): boolean {
  return useSyncExternalStore(never, yes, no);
}
