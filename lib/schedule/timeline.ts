import type { Clock } from "#lib/base/clock.ts";

/**
 * Begins each entry at its time, all of them on one timer. Whatever else is under way is not waited for.
 * @param entries by time
 * @param signal begins no more
 * @returns when the last one has begun, or at the signal
 */
export function beginInTime<Entry extends { readonly at: number }>(
  entries: readonly Entry[],
  clock: Clock,
  signal: AbortSignal,
  begin: (entry: Entry) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const run = (): void => {
      const now = clock.now();
      for (let entry = entries[next]; entry !== undefined; entry = entries[next]) {
        if (signal.aborted) return;
        if (entry.at > now) {
          timer = setTimeout(run, entry.at - now);
          return;
        }
        next += 1;
        begin(entry);
      }
      end();
    };
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", end, { once: true });
    run();
  });
}
