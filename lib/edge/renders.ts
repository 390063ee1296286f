import { GatewatchError } from "#lib/base/errors.ts";

/** Lets so many tasks run at once and so many wait; more are turned away. */
export class Turnstile {
  private readonly limits: { readonly running: number; readonly waiting: number };
  private readonly queue: (() => void)[] = [];
  private running = 0;

  constructor(limits: { readonly running: number; readonly waiting: number }) {
    this.limits = limits;
  }

  /** @throws GatewatchError UNAVAILABLE when too many wait already */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.limits.running) {
      if (this.queue.length >= this.limits.waiting) {
        throw new GatewatchError("UNAVAILABLE", "too many pages are being rendered");
      }
      // whoever leaves hands its place over, so `running` stays as it is
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}

/** So many at once, then so many a second (a token bucket). */
export class Budget {
  private readonly limits: { readonly atOnce: number; readonly perSecond: number };
  private left: number;
  private countedAt = 0;

  constructor(limits: { readonly atOnce: number; readonly perSecond: number }) {
    this.limits = limits;
    this.left = limits.atOnce;
  }

  /** Takes one; false when there is none left at `now` (epoch milliseconds). */
  take(now: number): boolean {
    const { atOnce, perSecond } = this.limits;
    // a clock that went back gives nothing and takes nothing
    const elapsed = Math.max(0, now - this.countedAt) / 1_000;
    this.left = Math.min(atOnce, this.left + elapsed * perSecond);
    this.countedAt = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
