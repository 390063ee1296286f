import { setTimeout as sleep } from "node:timers/promises";

import type { Log } from "#lib/base/log.ts";
import { openPipeline } from "#lib/pipeline.ts";
import { startWorker, type RunningWorker, type WorkerOptions } from "#lib/schedule/worker.ts";
import { createDatabase, type Database } from "#lib/store/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

/** A log that keeps quiet but for what nobody expects. */
export const quiet: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (message, fields) => console.error(message, fields),
};

/** A database with workers on it, and everything stopped at the end. */
export interface House {
  readonly db: Database;
  readonly url: string;
  /** A worker with connections of its own, as another process would have. */
  worker(options?: Partial<WorkerOptions>): Promise<RunningWorker>;
  /** A component with one HTTP check on `url`. */
  watch(url: string, check?: { intervalMs?: number; timeoutMs?: number; slowMs?: number }): Promise<Watched>;
  close(): Promise<void>;
}

export interface Watched {
  readonly componentId: string;
  readonly checkId: string;
  readonly number: number;
}

export async function openHouse(): Promise<House> {
  const test: TestDatabase = await createTestDatabase();
  const closers: (() => Promise<unknown>)[] = [];
  let names = 0;
  return {
    db: test.db,
    url: test.url,
    worker: async (options = {}) => {
      const database = createDatabase(test.url, { max: 4 });
      const worker = await startWorker({
        database,
        connectionString: test.url,
        region: "local",
        retentionDays: 30,
        version: "0.0.0",
        openPipeline: (region) => openPipeline({ database, region, log: quiet }),
        log: quiet,
        ...options,
      });
      let stopped: Promise<void> | undefined;
      const end = async (): Promise<void> => {
        await worker.stop();
        await database.$disconnect();
      };
      const stop = (): Promise<void> => (stopped ??= end());
      closers.push(stop);
      return { stop };
    },
    watch: async (url, { intervalMs = 1_000, timeoutMs = 800, slowMs } = {}) => {
      names += 1;
      const component = await test.db.component.create({
        data: {
          slug: `component-${names}`,
          name: `Component ${names}`,
          checks: {
            create: {
              name: "front door",
              kind: "http",
              target: { url },
              intervalMs,
              timeoutMs,
              slowMs: slowMs ?? null,
              confirmMs: [200, 600],
            },
          },
        },
        include: { checks: true },
      });
      const [check] = component.checks;
      if (check === undefined) throw new Error("the check was not made");
      return { componentId: component.id, checkId: check.id, number: check.number };
    },
    close: async () => {
      await Promise.all(closers.map((close) => close()));
      await test.drop();
    },
  };
}

/** A house with one component whose target can be told how to behave. */
export interface Scene {
  readonly house: House;
  readonly upstream: FakeUpstream;
  readonly watched: Watched;
  /** Results of a check, of the watched one unless another is named. */
  count(number?: number): Promise<number>;
  status(): Promise<string>;
  moreThan(results: number, number?: number): Promise<unknown>;
  close(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
  const house = await openHouse();
  const upstream = await startFakeUpstream();
  const watched = await house.watch(upstream.url);
  const count = (number = watched.number) => house.db.result.count({ where: { checkNumber: number } });
  return {
    house,
    upstream,
    watched,
    count,
    status: async () =>
      (await house.db.component.findUniqueOrThrow({ where: { id: watched.componentId } })).status,
    moreThan: (results, number) =>
      eventually(`more than ${results} results`, async () => (await count(number)) > results),
    close: async () => {
      await house.close();
      await upstream.close();
    },
  };
}

/** Waits until `look` gives something, generously: the machine may be busy. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const until = performance.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`waited for 30 s: ${what}`);
    await sleep(50);
  }
}
