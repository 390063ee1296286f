import { isGatewatchError } from "#lib/base/errors.ts";

import { isStopMessage, type ChildMessage } from "./messages.ts";
import { sentence } from "./sentence.ts";

/** What a service process runs. */
export interface ServiceProcess {
  /** A word for the supervisor, e.g. the address that it listens on. */
  readonly detail?: string;
  /** Finishes what is under way and ends; what is not finished after `withinMs` is cut. */
  readonly stop: (withinMs: number) => Promise<void>;
}

/** How long a process that is told to stop may take, in milliseconds. */
export const DRAIN_TIME = 8_000;
const HURRY_TIME = 500;

/**
 * The whole life of a service process, alone or under a supervisor: starts it, says so, and on
 * SIGTERM, SIGINT, a word of the supervisor or the supervisor's end lets it finish and exits with
 * 0. A second signal hurries it. A start that fails ends in one sentence and exit code 1.
 */
export async function runService(start: () => Promise<ServiceProcess>): Promise<void> {
  const stopRequested = nextStop();
  let service: ServiceProcess;
  try {
    service = await start();
  } catch (error) {
    await leaveAfterFailure(error);
    return;
  }
  void tell({ gatewatch: "ready", detail: service.detail ?? "" });
  const stopped = service.stop(await stopRequested);
  void nextStop().then(() => service.stop(HURRY_TIME));
  try {
    await stopped;
    process.exit(0);
  } catch (error) {
    await leaveAfterFailure(error);
  }
}

/** Resolves with the time there is to finish, once anybody wants this process to end. */
function nextStop(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve(DRAIN_TIME));
    process.on("message", (message) => {
      if (isStopMessage(message)) resolve(message.withinMs);
    });
    // the supervisor is gone, killed perhaps: nobody would start or stop this process any more
    process.once("disconnect", () => resolve(DRAIN_TIME));
  });
}

function tell(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

async function leaveAfterFailure(error: unknown): Promise<void> {
  const message = sentence(error);
  const code = isGatewatchError(error) ? { code: error.code } : {};
  // supervised, the sentence is the supervisor's to print, so that it is printed once
  if (process.send === undefined) process.stderr.write(`${message}\n`);
  await tell({ gatewatch: "failed", message, ...code });
  process.exit(1);
}
