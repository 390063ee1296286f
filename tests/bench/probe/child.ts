import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A helper process of the benchmark that answers each message with one. */
export interface Child<Ready, Ask extends object, Answer> {
  readonly pid: number;
  /** What it said when it was up. */
  readonly ready: Ready;
  /** @throws when the process ends instead of answering */
  ask(message: Ask): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a file of this folder as a process. */
export async function startChild<Ready, Ask extends object, Answer>(
  file: string,
): Promise<Child<Ready, Ask, Answer>> {
  const child = fork(join(import.meta.dirname, file), { serialization: "advanced", execArgv: [] });
  const exited = once(child, "exit");
  let waiting = Promise.withResolvers<unknown>();
  child.on("message", (message) => waiting.resolve(message));
  void exited.then(() => waiting.reject(new Error(`${file} ended too early`)));
  const ready = (await waiting.promise) as Ready;
  return {
    pid: child.pid ?? 0,
    ready,
    ask: async (message) => {
      waiting = Promise.withResolvers<unknown>();
      child.send(message);
      return (await waiting.promise) as Answer;
    },
    close: async () => {
      // nobody waits any more
      waiting.promise.catch(() => {});
      if (child.exitCode === null) child.disconnect();
      await exited;
    },
  };
}
