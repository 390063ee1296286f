import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { GatewatchError } from "#lib/base/errors.ts";

import type { Running, Service } from "./keep-running.ts";
import { isChildMessage, type StopMessage } from "./messages.ts";

export interface NodeServiceOptions {
  readonly name: string;
  /** The file that node runs; it lives by `runService` of this room. */
  readonly file: string;
  readonly args?: readonly string[];
  /** Flags for node itself, e.g. `--max-old-space-size=128`. */
  readonly nodeFlags?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** How long it may take until it says that it is ready. */
  readonly startWithinMs?: number;
  /** Told each time the child is ready, with the word that it sent along. */
  readonly onReady?: (detail: string) => void;
}

/**
 * A service that is a node process of its own, spoken to over IPC: it reports that it is ready, it
 * is asked to stop, and it ends by itself when its supervisor vanishes.
 */
export function nodeService(options: NodeServiceOptions): Service {
  return { name: options.name, start: () => start(options) };
}

async function start(options: NodeServiceOptions): Promise<Running> {
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? []), options.file, ...(options.args ?? [])],
    {
      env: options.env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // out of the terminal's group: Ctrl-C reaches the supervisor alone, which stops them in order
      detached: true,
    },
  );
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    child.once("error", (error) => resolve(error.message));
  });
  // a message to a child that has just ended; `exited` tells
  child.on("error", () => {});
  try {
    const detail = await ready(child, exited, options);
    options.onReady?.(detail);
  } catch (error) {
    child.kill("SIGKILL");
    await exited;
    throw error;
  }
  return { exited, stop: (withinMs) => stop(child, exited, withinMs) };
}

/** The word that comes with "ready"; rejects when the child fails, ends, or takes too long. */
async function ready(
  child: ChildProcess,
  exited: Promise<string>,
  options: NodeServiceOptions,
): Promise<string> {
  const { name, startWithinMs = 60_000 } = options;
  const settled = new AbortController();
  const endedEarly = async (): Promise<never> => {
    throw new GatewatchError(
      "UNAVAILABLE",
      `The ${name} process ended before it was ready (${await exited})`,
    );
  };
  const tookTooLong = async (): Promise<never> => {
    await sleep(startWithinMs, undefined, { signal: settled.signal });
    throw new GatewatchError(
      "UNAVAILABLE",
      `The ${name} process was not ready after ${startWithinMs / 1000} s`,
    );
  };
  try {
    return await Promise.race([firstWord(child), endedEarly(), tookTooLong()]);
  } finally {
    settled.abort();
  }
}

function firstWord(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on("message", (message) => {
      if (!isChildMessage(message)) return;
      if (message.gatewatch === "ready") resolve(message.detail);
      else if (message.code === undefined) reject(new Error(message.message));
      else reject(new GatewatchError(message.code, message.message));
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<string>, withinMs: number): Promise<void> {
  const message: StopMessage = { gatewatch: "stop", withinMs };
  if (child.connected) child.send(message);
  // the child is given its time and then a moment to leave
  const timer = setTimeout(() => child.kill("SIGKILL"), withinMs + 500);
  await exited;
  clearTimeout(timer);
}

/**
 * Runs a service process for what it does at its start, then ends it: work whose memory the
 * supervisor should not keep.
 * @returns the word that the child sent along
 */
export async function runOnce(options: Omit<NodeServiceOptions, "onReady">): Promise<string> {
  let detail = "";
  const running = await start({ ...options, onReady: (said) => (detail = said) });
  await running.stop(2_000);
  return detail;
}
