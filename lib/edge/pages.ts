import type { Clock } from "#lib/base/clock.ts";
import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { capture, type Handler } from "./capture.ts";
import { buildEntry, type Entry } from "./entry.ts";
import { BoundedMap } from "./lru.ts";
import { Turnstile } from "./renders.ts";

/** A complete page that says that something went wrong. */
export class RenderedError extends Error {
  readonly entry: Entry;
  constructor(entry: Entry) {
    super(`the renderer answered ${entry.status}`);
    this.entry = entry;
  }
}

export interface PagesOptions {
  readonly handler: Handler;
  readonly log: Log;
  readonly clock: Clock;
  readonly host: string;
  readonly renderTimeoutMs: number;
  readonly limits: { readonly entries: number; readonly bytes: number };
}

interface Render {
  readonly generation: number;
  readonly entry: Promise<Entry>;
}

const CONCURRENT_RENDERS = { running: 16, waiting: 512 };
// after a failure the old page stands in at once for this long, instead of making everybody wait
const FAILURE_PAUSE = 1_000;

/** The kept pages and the renders under way. A change of the public version begins a new generation. */
export class Pages {
  private readonly options: PagesOptions;
  private readonly entries: BoundedMap<Entry>;
  private readonly renders = new Map<string, Render>();
  private readonly failedAt = new Map<string, number>();
  private readonly turnstile = new Turnstile(CONCURRENT_RENDERS);
  private generation = 0;
  private rendered = 0;
  private failed = 0;

  constructor(options: PagesOptions) {
    this.options = options;
    this.entries = new BoundedMap(options.limits);
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
      entries: this.entries.size,
      bytes: this.entries.bytes,
    };
  }

  /** A page that may be served as it is, or while a new one is rendered; undefined: wait for a render. */
  find(key: string, now: number): { readonly entry: Entry; readonly outdated: boolean } | undefined {
    const entry = this.entries.peek(key);
    if (entry === undefined || entry.lifetime === null || entry.generation !== this.generation)
      return undefined;
    const age = now - entry.renderedAt;
    if (age < entry.lifetime.fresh) return { entry, outdated: false };
    if (age >= entry.lifetime.fresh + entry.lifetime.whileRevalidating) return undefined;
    this.entries.touch(key);
    return { entry, outdated: true };
  }

  /** An old page to show in place of a failure; undefined when there is none or it is too old. */
  standIn(key: string, now: number): Entry | undefined {
    const entry = this.entries.peek(key);
    if (entry === undefined || entry.lifetime === null) return undefined;
    return now - entry.renderedAt < entry.lifetime.fresh + entry.lifetime.onError ? entry : undefined;
  }

  failedRecently(key: string, now: number): boolean {
    return now - (this.failedAt.get(key) ?? -Infinity) < FAILURE_PAUSE;
  }

  /**
   * The render that answers a request made now: the one under way if nothing has changed since
   * it began, otherwise a new one. Rejects with RenderedError when the renderer answered 5xx.
   */
  render(key: string, policy: string | null): Promise<Entry> {
    const underWay = this.renders.get(key);
    if (underWay !== undefined && underWay.generation === this.generation) return underWay.entry;
    const render: Render = {
      generation: this.generation,
      entry: this.turnstile
        .run(() => this.renderNow(key, policy))
        .catch((error: unknown) => {
          this.noteFailure(key, error);
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

  private async renderNow(key: string, policy: string | null): Promise<Entry> {
    const { handler, host, renderTimeoutMs, clock } = this.options;
    const moment = { renderedAt: clock.now(), generation: this.generation };
    this.rendered += 1;
    const preset: Record<string, string> = policy === null ? {} : { "cache-control": policy };
    const captured = await capture(handler, { url: key, host, preset, timeoutMs: renderTimeoutMs });
    const entry = await buildEntry(captured, moment);
    // an error page must not push out what there was
    if (entry.status >= 500) throw new RenderedError(entry);
    this.keep(key, entry);
    return entry;
  }

  private keep(key: string, entry: Entry): void {
    this.failedAt.delete(key);
    const current = this.entries.peek(key);
    // a slow render must not replace what a later one has already stored
    if (current !== undefined && current.generation > entry.generation) return;
    if (entry.lifetime === null) this.entries.delete(key);
    else this.entries.set(key, entry);
  }

  private noteFailure(key: string, error: unknown): void {
    this.failed += 1;
    // remembered only where an old page can stand in, which bounds the map as well
    if (this.entries.peek(key) !== undefined) this.failedAt.set(key, this.options.clock.now());
    this.options.log.warn("could not render a page", { page: key, reason: messageOf(error) });
  }
}
