import { setTimeout as sleep } from "node:timers/promises";

import { messageOf } from "#lib/base/errors.ts";
import type { Log } from "#lib/base/log.ts";

import { backoff } from "./backoff.ts";

/** Something that was started and may end by itself. */
export interface Running {
  /** Resolves with how it ended, in words such as `exit code 1`. */
  readonly exited: Promise<string>;
  /** Asks it to finish what it is doing and end; it is made to end after `withinMs`. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/** Something that can be started, and started again: any end that nobody asked for is a failure. */
export interface Service {
  readonly name: string;
  /** Resolves once it does its work. A rejection counts as a start that failed. */
  start(): Promise<Running>;
}

export interface Kept {
  /** Stops it for good. A second call with less time hurries the first. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/**
 * Starts a service and starts it again whenever it ends, with growing pauses, until it is stopped.
 * The first start is the caller's to judge: its failure is thrown and nothing is kept running.
 */
export async function keepRunning(service: Service, log: Log): Promise<Kept> {
  let current: Running | undefined = await service.start();
  const stopping = new AbortController();
  const looped = loop();

  async function loop(): Promise<void> {
    let failures = 0;
    let startedAt = performance.now();
    for (;;) {
      const how = (await current?.exited) ?? "did not start";
      if (stopping.signal.aborted) return;
      const pause = backoff(failures, performance.now() - startedAt);
      failures = pause.failures;
      log.warn(`${service.name} ended and is started again`, { how, inMs: pause.waitMs });
      await sleep(pause.waitMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      startedAt = performance.now();
      current = await restart(service, log);
    }
  }

  return {
    stop: async (withinMs) => {
      stopping.abort();
      await current?.stop(withinMs);
      await looped;
      // it was being started while this was called
      await current?.stop(withinMs);
    },
  };
}

async function restart(service: Service, log: Log): Promise<Running | undefined> {
  try {
    return await service.start();
  } catch (error) {
    log.error(`${service.name} did not start`, { reason: messageOf(error) });
    return undefined;
  }
}
