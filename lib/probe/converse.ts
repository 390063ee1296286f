import type { Socket } from "node:net";

import type { Attempt } from "./attempt.ts";
import { PROBE_CODES, ProbeFailure } from "./failure.ts";

/** Bytes of an answer that are read while waiting for what is expected. */
export const MAX_ANSWER = 16_384;

/**
 * What a server says over a plain connection, gathered from the first byte on: a server may greet before
 * anybody waits for it.
 */
export interface Listener {
  /** All that has come and not been taken, one character a byte. */
  heard(): string;
  /** Waits until `enough` says so; what was heard until then counts as taken. */
  until(enough: (heard: string) => boolean): Promise<string>;
  /** Stops listening; what comes later is somebody else's. */
  end(): void;
}

/** Listens to a socket whose connection stands. */
export function listen(attempt: Attempt, socket: Socket): Listener {
  const from = performance.now();
  let heard = "";
  let closed = false;
  let look: (() => void) | null = null;
  const onData = (chunk: Buffer): void => {
    attempt.timings.firstByte ??= performance.now() - from;
    heard += chunk.toString("latin1");
    look?.();
  };
  const onEnd = (): void => {
    closed = true;
    look?.();
  };
  const onError = (error: Error): void => attempt.fail(socket, error);
  attempt.phase = "first_byte";
  socket.on("data", onData).on("end", onEnd).on("error", onError);

  return {
    heard: () => heard,
    until: (enough) =>
      attempt.wait<string>((resolve, reject) => {
        look = () => {
          if (enough(heard)) {
            look = null;
            const taken = heard;
            heard = "";
            resolve(taken);
          } else if (heard.length >= MAX_ANSWER) {
            reject(unexpected(`${MAX_ANSWER} bytes came without what is expected`));
          } else if (closed) {
            reject(
              heard === ""
                ? new ProbeFailure(PROBE_CODES.closed, "the connection was closed without a word")
                : unexpected("the connection was closed, and what had come is not what is expected"),
            );
          }
        };
        look();
      }),
    end: () => {
      socket.off("data", onData).off("end", onEnd).off("error", onError);
      socket.pause();
    },
  };
}

/** It answered, with something else than the check expects. */
export function unexpected(message: string): ProbeFailure {
  return new ProbeFailure(PROBE_CODES.unexpectedAnswer, message);
}
