import type { Entry } from "./entry.ts";
import { BoundedMap } from "./lru.ts";
import { Budget, Turnstile } from "./renders.ts";
import type { ShelfName } from "./routes.ts";

/** What a shelf may hold. */
export interface ShelfLimits {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Responses of one kind, with room, renders and a budget of their own: whoever makes up addresses
 * of one kind gets in the way of nothing else.
 */
export interface Shelf {
  readonly entries: BoundedMap<Entry>;
  readonly turnstile: Turnstile;
  /** Renders of addresses that are not held; null where there are only so many addresses. */
  readonly budget: Budget | null;
}

export type Shelves = Readonly<Record<ShelfName, Shelf>>;

const MEGABYTE = 1024 * 1024;

/** The shelves, by default 64 MB and 2,300 responses in all; `limits` bounds each of them instead. */
export function createShelves(limits?: ShelfLimits): Shelves {
  return {
    page: {
      entries: new BoundedMap(limits ?? { entries: 300, bytes: 16 * MEGABYTE }),
      turnstile: new Turnstile({ running: 16, waiting: 512 }),
      budget: null,
    },
    open: {
      entries: new BoundedMap(limits ?? { entries: 1_000, bytes: 24 * MEGABYTE }),
      turnstile: new Turnstile({ running: 4, waiting: 128 }),
      budget: new Budget({ atOnce: 100, perSecond: 20 }),
    },
    asset: {
      entries: new BoundedMap(limits ?? { entries: 1_000, bytes: 24 * MEGABYTE }),
      turnstile: new Turnstile({ running: 8, waiting: 256 }),
      budget: new Budget({ atOnce: 300, perSecond: 50 }),
    },
  };
}
