import type { Clock } from "#lib/base/clock.ts";
import { GatewatchError, messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { capture, type Handler } from "./capture.ts";
import { buildEntry, type Entry } from "./entry.ts";
import type { SharedRoute } from "./routes.ts";
import { createShelves, type Shelf, type ShelfLimits, type Shelves } from "./shelves.ts";

export interface PagesOptions {
  readonly handler: Handler;
  readonly log: Log;
  readonly clock: Clock;
  readonly host: string;
  readonly renderTimeoutMs: number;
  readonly limits: ShelfLimits | undefined;
}

interface Render {
  readonly generation: number;
  readonly entry: Promise<Entry>;
}

// after a failure the old page stands in at once for this long, instead of making everybody wait
const FAILURE_PAUSE = 1_000;

/** The kept pages and the renders under way. A change of the public version begins a new generation. */
export class Pages {
  private readonly options: PagesOptions;
  private readonly shelves: Shelves;
  // the fixed addresses first: they are nearly all that is asked for
  private readonly inOrder: readonly Shelf[];
  private readonly renders = new Map<string, Render>();
  private readonly failedAt = new Map<string, number>();
  private generation = 0;
  private rendered = 0;
  private failed = 0;

  constructor(options: PagesOptions) {
    this.options = options;
    this.shelves = createShelves(options.limits);
    this.inOrder = [this.shelves.page, this.shelves.open, this.shelves.asset];
  }

  /** From now on nothing rendered before is served, except in place of a failure. */
  drop(): void {
    this.generation += 1;
    this.failedAt.clear();
  }

  stats(): {
    readonly renders: number;
    readonly failures: number;
    readonly entries: number;
    readonly bytes: number;
  } {
    return {
      renders: this.rendered,
      failures: this.failed,
      entries: this.inOrder.reduce((sum, { entries }) => sum + entries.size, 0),
      bytes: this.inOrder.reduce((sum, { entries }) => sum + entries.bytes, 0),
    };
  }

  private shelfHolding(key: string): Shelf | undefined {
    for (const shelf of this.inOrder) if (shelf.entries.peek(key) !== undefined) return shelf;
    return undefined;
  }

  /** A page that may be served as it is, or while a new one is rendered; undefined: wait for a render. */
  find(key: string, now: number): { readonly entry: Entry; readonly outdated: boolean } | undefined {
    const shelf = this.shelfHolding(key);
    const entry = shelf?.entries.peek(key);
    if (shelf === undefined || entry === undefined) return undefined;
    if (entry.lifetime === null || entry.generation !== this.generation) return undefined;
    const age = now - entry.renderedAt;
    const outdated = age >= entry.lifetime.fresh;
    if (outdated && age >= entry.lifetime.fresh + entry.lifetime.whileRevalidating) return undefined;
    // what somebody asks for is not what has to make room for made-up addresses
    if (outdated || shelf.budget !== null) shelf.entries.touch(key);
    return { entry, outdated };
  }

  /** An old page to show in place of a failure; undefined when there is none or it is too old. */
  standIn(key: string, now: number): Entry | undefined {
    const entry = this.shelfHolding(key)?.entries.peek(key);
    if (entry === undefined || entry.lifetime === null) return undefined;
    return now - entry.renderedAt < entry.lifetime.fresh + entry.lifetime.onError ? entry : undefined;
  }

  failedRecently(key: string, now: number): boolean {
    return now - (this.failedAt.get(key) ?? -Infinity) < FAILURE_PAUSE;
  }

  /**
   * The render that answers a request made now: the one under way if nothing has changed since
   * it began, otherwise a new one. Rejects when there is none to be had: with a GatewatchError
   * RATE_LIMITED when too many addresses were asked for that nobody had asked for before.
   */
  render(route: SharedRoute): Promise<Entry> {
    const { key } = route;
    const underWay = this.renders.get(key);
    if (underWay !== undefined && underWay.generation === this.generation) return underWay.entry;
    const { entries, turnstile, budget } = this.shelves[route.shelf];
    if (budget !== null && entries.peek(key) === undefined && !budget.take(this.options.clock.now())) {
      return Promise.reject(new GatewatchError("RATE_LIMITED", "too many new addresses"));
    }
    const render: Render = {
      generation: this.generation,
      entry: turnstile
        .run(() => this.renderNow(route))
        .catch((error: unknown) => {
          this.noteFailure(route, error);
          throw error;
        })
        .finally(() => {
          // a later generation's render may have taken the place
          if (this.renders.get(key) === render) this.renders.delete(key);
        }),
    };
    this.renders.set(key, render);
    return render.entry;
  }

  private async renderNow({ key, policy, shelf }: SharedRoute): Promise<Entry> {
    const { handler, host, renderTimeoutMs, clock } = this.options;
    const moment = { renderedAt: clock.now(), generation: this.generation };
    this.rendered += 1;
    const preset: Record<string, string> = policy === null ? {} : { "cache-control": policy };
    const captured = await capture(handler, { url: key, host, preset, timeoutMs: renderTimeoutMs });
    // an error page must not push out what there was
    if (captured.status >= 500) throw new Error(`the renderer answered ${captured.status}`);
    const entry = await buildEntry(captured, moment);
    this.keep(this.shelves[shelf], key, entry);
    return entry;
  }

  private keep({ entries }: Shelf, key: string, entry: Entry): void {
    this.failedAt.delete(key);
    const current = entries.peek(key);
    // a slow render must not replace what a later one has already stored
    if (current !== undefined && current.generation > entry.generation) return;
    if (entry.lifetime === null) entries.delete(key);
    else entries.set(key, entry);
  }

  private noteFailure({ key, shelf }: SharedRoute, error: unknown): void {
    this.failed += 1;
    // remembered only where an old page can stand in, which bounds the map as well
    if (this.shelves[shelf].entries.peek(key) !== undefined) this.failedAt.set(key, this.options.clock.now());
    this.options.log.warn("could not render a page", { page: key, reason: messageOf(error) });
  }
}
