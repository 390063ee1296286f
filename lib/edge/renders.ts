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
