import type { Log } from "#lib/base/log.ts";
import { keepRunning, type Kept } from "#lib/supervise/keep-running.ts";
import { nodeService } from "#lib/supervise/node-service.ts";

import { program } from "./paths.ts";

export interface ChildrenOptions {
  readonly dev: boolean;
  /**
   * What the worker has to wait for, while the web process starts already.
   * @returns whether the worker also serves what the sample's checks look at
   */
  readonly prepare: () => Promise<boolean>;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

// Node's young generation grows to three times its semi-space, 16 MB by default, before it is
// cleaned up; a process that is idle most of the time keeps that much for nothing.
const SMALL = ["--max-semi-space-size=2"];

/** Starts both side by side. When one cannot start, the other is stopped and the error is thrown. */
export async function startWebAndWorker({ dev, prepare, env, log }: ChildrenOptions): Promise<Kept> {
  const web = nodeService({
    name: "web",
    file: program("web.ts"),
    args: dev ? ["--dev"] : [],
    nodeFlags: dev ? [] : SMALL,
    env,
    startWithinMs: 120_000,
  });
  const startWorker = async (): Promise<Kept> => {
    const args = (await prepare()) ? ["--sample"] : [];
    const worker = nodeService({ name: "worker", file: program("worker.ts"), args, nodeFlags: SMALL, env });
    return keepRunning(worker, log);
  };
  const outcomes = await Promise.allSettled([keepRunning(web, log), startWorker()]);
  const kept = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const stop = async (withinMs: number): Promise<void> => {
    await Promise.all(kept.map((child) => child.stop(withinMs)));
  };
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed === undefined) return { stop };
  await stop(1_000);
  throw failed.reason;
}
