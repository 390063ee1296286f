"use client";

import { createContext, useContext, useSyncExternalStore, type ReactNode } from "react";

/** Relative times change by the minute; looking four times a minute keeps them honest. */
const TICK_MS = 15_000;

const RenderedAt = createContext(0);

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
/** Server clock minus this device's clock: a device that is an hour off must not show "1 h ago". */
let offset = 0;
let current = 0;

function tick(): void {
  current = Date.now() + offset;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    current = 0;
  };
}

/**
 * Takes the server's time from a response's Date header.
 * @param header as sent; anything that is not a date is ignored
 */
export function setServerTime(header: string | null): void {
  const at = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(at)) return;
  offset = at - Date.now();
  tick();
}

/** Gives the moment at which the server rendered, epoch milliseconds, to every clock below. */
export function NowProvider({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  return <RenderedAt value={renderedAt}>{children}</RenderedAt>;
}

/** The current time of the server, epoch milliseconds; the server's render time until the page is alive. */
export function useNow(): number {
  const renderedAt = useContext(RenderedAt);
  return useSyncExternalStore(
    subscribe,
    () => {
      // the first reading on this device; later ones come from the timer
      if (current === 0) current = Date.now() + offset;
      return Math.max(current, renderedAt);
    },
    () => renderedAt,
  );
}
