import { IncomingMessage, ServerResponse, type OutgoingHttpHeaders } from "node:http";
import { Socket } from "node:net";

/** What answers a request: Next's request handler, or a stub of a test. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A whole response, held in memory. */
export interface Captured {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string | readonly string[]>;
  readonly body: Buffer;
}

// far above any page; a renderer that never stops must not fill the memory
const LARGEST_BODY = 32 * 1024 * 1024;

type WriteCallback = (error?: Error | null) => void;

/** A response that nobody is connected to: it keeps what is written to it. */
class CapturedResponse extends ServerResponse {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  readonly done = Promise.withResolvers<Captured>();

  override write(
    chunk: unknown,
    encoding?: BufferEncoding | WriteCallback,
    callback?: WriteCallback,
  ): boolean {
    if (!this.headersSent) this.writeHead(this.statusCode);
    this.keep(chunk, typeof encoding === "string" ? encoding : undefined);
    const written = typeof encoding === "function" ? encoding : callback;
    if (written !== undefined) process.nextTick(written);
    return true;
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    if (this.finished) return this;
    if (!this.headersSent) this.writeHead(this.statusCode);
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") {
      this.keep(chunk, typeof encoding === "string" ? encoding : undefined);
    }
    this.finished = true;
    const ended = [chunk, encoding, callback].find((each) => typeof each === "function");
    process.nextTick(() => {
      this.emit("finish");
      this.emit("close");
      if (typeof ended === "function") ended();
    });
    this.settle();
    return this;
  }

  /** What a renderer calls when it fails after its first byte. */
  override destroy(error?: Error): this {
    this.destroyed = true;
    this.done.reject(error ?? new Error("the response was broken off"));
    process.nextTick(() => this.emit("close"));
    return this;
  }

  // headers given to writeHead() would otherwise go straight to the socket that is not there
  override writeHead(status: number, ...rest: unknown[]): this {
    if (this.headersSent) return this;
    const given = rest.find((each) => typeof each === "object" && each !== null);
    for (const [name, value] of headerPairs(given)) this.setHeader(name, value);
    return super.writeHead(status);
  }

  private keep(chunk: unknown, encoding: BufferEncoding | undefined): void {
    const bytes =
      typeof chunk === "string"
        ? Buffer.from(chunk, encoding)
        : chunk instanceof Uint8Array
          ? Buffer.from(chunk)
          : null;
    if (bytes === null) throw new TypeError("a response body consists of strings and bytes");
    // a renderer that was given up on may go on for a while
    if (this.destroyed) return;
    this.size += bytes.length;
    if (this.size > LARGEST_BODY)
      this.destroy(new Error(`the response is larger than ${LARGEST_BODY} bytes`));
    else this.chunks.push(bytes);
  }

  private settle(): void {
    const body = Buffer.concat(this.chunks);
    const headers = new Map(
      Object.entries(this.getHeaders()).flatMap(([name, value]) =>
        value === undefined
          ? []
          : [[name.toLowerCase(), Array.isArray(value) ? value : String(value)] as const],
      ),
    );
    const announced = headers.get("content-length");
    if (announced !== undefined && Number(announced) !== body.length) {
      this.done.reject(new Error(`the response ended after ${body.length} of ${String(announced)} bytes`));
      return;
    }
    this.done.resolve({ status: this.statusCode, headers, body });
  }
}

/** Headers in any of the forms that `writeHead` takes, as pairs. */
export function headerPairs(given: unknown): [string, string | readonly string[]][] {
  if (Array.isArray(given)) {
    const flat: readonly unknown[] = given.flat();
    return Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => [
      String(flat[2 * i]),
      String(flat[2 * i + 1]),
    ]);
  }
  return Object.entries((given ?? {}) as OutgoingHttpHeaders).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === "number" ? String(value) : value]],
  );
}

export interface CaptureOptions {
  /** Path and query. */
  readonly url: string;
  /** `Host` that the renderer is told: the same for all visitors. */
  readonly host: string;
  /** Headers that are there before the renderer begins, for it to replace. */
  readonly preset: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Asks a handler for a page on nobody's behalf: a GET without cookies or any other header of a
 * visitor. Rejects when it throws, breaks off, ends short of its Content-Length or takes too long.
 */
export async function capture(handler: Handler, options: CaptureOptions): Promise<Captured> {
  const socket = new Socket();
  const request = new IncomingMessage(socket);
  request.method = "GET";
  request.url = options.url;
  request.headers = { host: options.host };
  request.rawHeaders = ["Host", options.host];
  request.httpVersion = "1.1";
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  request.push(null);
  const response = new CapturedResponse(request);
  for (const [name, value] of Object.entries(options.preset)) response.setHeader(name, value);
  const timer = setTimeout(
    () => response.destroy(new Error(`${options.url} was not rendered within ${options.timeoutMs} ms`)),
    options.timeoutMs,
  );
  try {
    // an async function, so that a handler that throws at once is a rejection as well
    const failed = (async () => {
      await handler(request, response);
      return await response.done.promise;
    })();
    return await Promise.race([response.done.promise, failed]);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
