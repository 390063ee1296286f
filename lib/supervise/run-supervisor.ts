import { sentence } from "./sentence.ts";

/** How long everything together may take to end, in milliseconds. */
const TOTAL = 9_500;
const HURRY = 1_000;
/** What each stop leaves over for every one that comes after it. */
const RESERVE = 1_500;

type Stop = (withinMs: number) => Promise<void>;

/** What the start of a supervisor works with. */
export interface Scope {
  /** Aborted at the first signal: a step that is under way gives up or ends soon. */
  readonly signal: AbortSignal;
  /** Registers how something that was just started is stopped; the last one is stopped first. */
  readonly onStop: (stop: Stop) => void;
}

/**
 * The whole life of a supervisor: starts everything, and on SIGTERM or SIGINT stops it in reverse
 * order within ten seconds and exits with 0. A second signal hurries. A start that fails ends in
 * one sentence on standard error, everything stopped again, and exit code 1.
 */
export async function runSupervisor(start: (scope: Scope) => Promise<void>): Promise<void> {
  const stops: Stop[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const signalled = new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  let deadline = Number.POSITIVE_INFINITY;
  let current: Stop | undefined;

  const stopAll = async (): Promise<void> => {
    deadline = Math.min(deadline, performance.now() + TOTAL);
    for (current = stops.pop(); current !== undefined; current = stops.pop()) {
      await current(Math.max(200, deadline - performance.now() - RESERVE * stops.length));
    }
  };
  const onSignal = (): void => {
    const within = signal.aborted ? HURRY : TOTAL;
    deadline = Math.min(deadline, performance.now() + within);
    controller.abort();
    if (within === HURRY) void current?.(HURRY);
    // a step of the start, or a stop, that does not come to an end
    setTimeout(() => process.exit(1), within + RESERVE).unref();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);

  try {
    await start({ signal, onStop: (stop) => void stops.push(stop) });
    await signalled;
  } catch (error) {
    // given up because of the signal: not a failure
    if (!signal.aborted) {
      process.stderr.write(`${sentence(error)}\n`);
      process.exitCode = 1;
    }
  }
  await stopAll();
  process.exit();
}
