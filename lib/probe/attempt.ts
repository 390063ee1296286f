import type { Socket } from "node:net";

import type {
  CertificateFacts,
  FollowedRedirect,
  HttpObservation,
  Observation,
  Phase,
} from "#lib/model/observation.ts";

import { PROBE_CODES, ProbeFailure, toFailure } from "./failure.ts";
import { presentable } from "./redact.ts";

/** A probe that ends this much after its time was not held up by its target. Milliseconds. */
const STALL_MS = 1_000;
/** Characters of an error's message: Node lists all names of a certificate that has not the right one. */
const MESSAGE = 1_000;

function unheard(): void {}

/**
 * One probe under way: how far it is, what it has measured, and the one leash that ends it when
 * its time is over or the caller no longer wants it. Whatever happens, `finish` frees what it holds.
 */
export class Attempt {
  phase: Phase = "dns";
  readonly timings: {
    dns: number | null;
    connect: number | null;
    tls: number | null;
    firstByte: number | null;
  } = {
    dns: null,
    connect: null,
    tls: null,
    firstByte: null,
  };
  remote: string | null = null;
  certificate: CertificateFacts | null = null;
  http: HttpObservation | null = null;
  /** Facts for people, of whatever protocol; left out when there are none. */
  details: Readonly<Record<string, string | number>> | null = null;
  /** Redirects followed so far, and the URL that is asked now, redacted. */
  readonly redirects: FollowedRedirect[] = [];
  url: string | null = null;
  readonly timeoutMs: number;

  readonly #startedAt = new Date();
  readonly #start = performance.now();
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void =>
    this.#stop(new ProbeFailure(PROBE_CODES.aborted, "the probe was ended by its caller"));
  #socket: Socket | null = null;
  readonly #frees: (() => void)[] = [];
  /** What ended the socket in charge; the next socket begins without. */
  #broken: ProbeFailure | null = null;
  #stopped: ProbeFailure | null = null;
  #reject: ((reason: ProbeFailure) => void) | null = null;

  constructor(timeoutMs: number, signal: AbortSignal | undefined) {
    this.timeoutMs = timeoutMs;
    this.#signal = signal;
    const expire = (): void =>
      this.#stop(new ProbeFailure(PROBE_CODES.deadline, `not done within ${timeoutMs} ms`));
    // after a busy moment of our own, timers run before the sockets are looked at: an answer
    // that is already here shall win
    this.#timer = setTimeout(() => setImmediate(expire), timeoutMs);
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** What is left of the probe's time, in milliseconds; never below 0. */
  leftMs(): number {
    return Math.max(0, this.timeoutMs - (performance.now() - this.#start));
  }

  /** A promise that the leash can reject, so that no stage can outlast the probe. */
  wait<T>(work: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const over = this.#stopped ?? this.#broken;
      if (over !== null) return reject(over);
      this.#reject = reject;
      work(resolve, reject);
    });
  }

  /**
   * Ends the stage under way, or the next one when this one has just got what it waited for: a parser
   * can come upon an error in the very packet that held the head. Sockets given up are not heard.
   */
  fail(socket: Socket, reason: unknown): void {
    if (socket !== this.#socket || this.#broken !== null) return;
    const failure = toFailure(reason);
    this.release();
    this.#broken = failure;
    this.#reject?.(failure);
  }

  /** Takes charge of a socket; the one before it is destroyed. */
  hold<S extends Socket>(socket: S): S {
    this.release();
    this.#socket = socket;
    // errors that come after a stage has settled must not become uncaught exceptions
    if (!socket.listeners("error").includes(unheard)) socket.on("error", unheard);
    return socket;
  }

  /** Takes charge of the TLS socket that lies over the one in charge from now on. */
  wrap<S extends Socket>(socket: S): S {
    this.#socket = null;
    return this.hold(socket);
  }

  /** Destroys the socket in charge. */
  release(): void {
    this.#socket?.destroy();
    this.letGo();
  }

  /** Gives the socket in charge away, open as it is. */
  letGo(): void {
    this.#socket = null;
    this.#broken = null;
  }

  /** Has `free` called when the probe ends, or at once when it has: for what is not a TCP socket. */
  atEnd(free: () => void): void {
    if (this.#stopped === null) this.#frees.push(free);
    else free();
  }

  /** Frees everything and says what was seen. */
  finish(failure: ProbeFailure | null): Observation {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#reject = null;
    this.#free();
    const total = performance.now() - this.#start;
    const stalled =
      failure !== null && failure.code !== PROBE_CODES.aborted && total > this.timeoutMs + STALL_MS;
    const error = stalled
      ? {
          code: PROBE_CODES.stalled,
          message: `this machine stood still: the probe ended ${Math.round(total - this.timeoutMs)} ms after its time`,
        }
      : failure && { code: failure.code, message: presentable(failure.message, MESSAGE) };
    return {
      startedAt: this.#startedAt.toISOString(),
      phase: error === null ? "done" : this.phase,
      timings: { ...this.timings, total },
      error,
      http: this.http,
      remote: this.remote,
      certificate: this.certificate,
      ...(this.details === null ? {} : { details: this.details }),
      ...(this.redirects.length === 0 ? {} : { redirects: this.redirects }),
      ...(this.url === null ? {} : { url: this.url }),
    };
  }

  #stop(failure: ProbeFailure): void {
    if (this.#stopped !== null) return;
    this.#stopped = failure;
    this.#reject?.(failure);
    this.#free();
  }

  #free(): void {
    this.release();
    for (const free of this.#frees.splice(0)) free();
  }
}
