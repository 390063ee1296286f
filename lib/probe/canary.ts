import { connect } from "node:net";
import { networkInterfaces } from "node:os";

import type { Canary } from "#lib/model/canary.ts";

/** A refusal comes from the other side, too: it takes a network to get one. */
const ANSWERS = new Set(["ECONNREFUSED", "ECONNRESET"]);

/** Whether any of the canaries answers within `timeoutMs`; only a connection is opened, nothing is sent. */
export async function anyAnswers(canaries: readonly Canary[], timeoutMs: number): Promise<boolean> {
  const tries = canaries.map(async (canary) => {
    if (!(await answers(canary, timeoutMs))) throw new Error(canary.text);
  });
  return Promise.any(tries).then(
    () => true,
    () => false,
  );
}

function answers({ host, port }: Canary, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, autoSelectFamily: true });
    const timer = setTimeout(end, timeoutMs, false);
    function end(answered: boolean): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    }
    socket.once("connect", () => end(true));
    socket.once("error", (error: NodeJS.ErrnoException) => end(ANSWERS.has(error.code ?? "")));
  });
}

/**
 * Whether this machine has a network at all: an interface that is up and running beside loopback.
 * Node lists only those, so a cable that is out takes its interface off the list.
 */
export function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    (addresses ?? []).some(({ internal }) => !internal),
  );
}
