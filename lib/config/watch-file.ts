import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Quiet time after the last event: editors write in several steps. Milliseconds. */
  readonly settleMs?: number;
  /** How often to look without an event: network and container file systems send none. Milliseconds. */
  readonly pollMs?: number;
}

/**
 * Calls `look` whenever the file may have changed, one call at a time, until the signal aborts.
 *
 * The directory is watched and not the file: editors replace it by renaming, and Kubernetes
 * swaps the symbolic link `..data` beside it. `look` finds out by itself whether something
 * changed, and must not reject.
 */
export function watchFile(path: string, look: () => Promise<void>, options: WatchOptions): void {
  const { signal, settleMs = 250, pollMs = 5_000 } = options;
  if (signal.aborted) return;
  let running: Promise<void> | null = null;
  let again = false;
  const run = (): void => {
    if (signal.aborted) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = look().finally(() => {
      running = null;
      if (again) {
        again = false;
        run();
      }
    });
  };
  let settling: NodeJS.Timeout | undefined;
  const watcher = watchDirectory(dirname(path), () => {
    clearTimeout(settling);
    settling = setTimeout(run, settleMs);
  });
  const poll = setInterval(run, pollMs);
  signal.addEventListener(
    "abort",
    () => {
      clearTimeout(settling);
      clearInterval(poll);
      watcher?.close();
    },
    { once: true },
  );
}

/** Null where the system cannot watch (limits, missing directory): polling alone does it then. */
function watchDirectory(directory: string, onEvent: () => void): FSWatcher | null {
  try {
    const watcher = watch(directory, { persistent: false }, onEvent);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
