import type { Log } from "#lib/base/log.ts";
import { keepRunning, type Kept } from "#lib/supervise/keep-running.ts";
import { nodeService, type NodeServiceOptions } from "#lib/supervise/node-service.ts";

import { program } from "./paths.ts";

/** The processes that `npm start` keeps running beside the database. */
export interface ChildrenOptions {
  readonly dev: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

// Node's young generation grows to three times its semi-space, 16 MB by default, before it is
// cleaned up; a process that is idle most of the time keeps that much for nothing.
const SMALL = ["--max-semi-space-size=2"];

function specifications({ dev, env }: ChildrenOptions): NodeServiceOptions[] {
  return [
    {
      name: "web",
      file: program("web.ts"),
      args: dev ? ["--dev"] : [],
      nodeFlags: dev ? [] : SMALL,
      env,
      startWithinMs: 120_000,
    },
    { name: "worker", file: program("worker.ts"), nodeFlags: SMALL, env },
  ];
}

/** Starts them side by side. When one cannot start, the others are stopped and its error is thrown. */
export async function startChildren(options: ChildrenOptions): Promise<Kept> {
  const outcomes = await Promise.allSettled(
    specifications(options).map((specification) => keepRunning(nodeService(specification), options.log)),
  );
  const kept = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const stop = async (withinMs: number): Promise<void> => {
    await Promise.all(kept.map((child) => child.stop(withinMs)));
  };
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    await stop(1_000);
    throw failed.reason;
  }
  return { stop };
}
