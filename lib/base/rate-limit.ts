/** Above this many keys, those that have all their room again are forgotten. */
const MANY_KEYS = 10_000;

export interface RateLimit {
  /** True when this use is within the limit; it counts then. */
  take(key: string, now: number): boolean;
}

/**
 * A token bucket a key, in this process's memory: `burst` uses at once, and one more every `everyMs`.
 * For keys of which there is a limited number, such as checks; strangers could make up any number.
 */
export function createRateLimit(options: { readonly burst: number; readonly everyMs: number }): RateLimit {
  const { burst, everyMs } = options;
  // when the bucket will be full again, by key
  const fullAt = new Map<string, number>();
  return {
    take: (key, now) => {
      const full = Math.max(now, fullAt.get(key) ?? now) + everyMs;
      if (full - now > burst * everyMs) return false;
      if (fullAt.size >= MANY_KEYS) {
        for (const [other, at] of fullAt) if (at <= now) fullAt.delete(other);
      }
      fullAt.set(key, full);
      return true;
    },
  };
}
