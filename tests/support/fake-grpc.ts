import { readFileSync } from "node:fs";
import { createSecureServer, createServer, type Http2Session, type ServerHttp2Stream } from "node:http2";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";

/** What a fake gRPC server answers to a health call. */
export interface GrpcBehaviour {
  /** ServingStatus by number; null: no message. */
  readonly health?: number | null;
  /** `grpc-status`; not 0 comes without a message ("trailers only"). */
  readonly status?: number;
  readonly message?: string;
  /** Plain HTTP instead: a gateway's error page. */
  readonly http?: { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body: string };
  readonly hang?: boolean;
  /** Resets the stream with this HTTP/2 error code. */
  readonly reset?: number;
}

/** A real HTTP/2 server on loopback that speaks gRPC's framing. */
export interface FakeGrpc {
  readonly port: number;
  behave(behaviour: GrpcBehaviour | ((headers: IncomingHttpHeaders) => GrpcBehaviour)): void;
  last(): { readonly headers: IncomingHttpHeaders; readonly body: Buffer } | undefined;
  close(): Promise<void>;
}

export async function startFakeGrpc({ tls = false } = {}): Promise<FakeGrpc> {
  const sessions = new Set<Http2Session>();
  let behaviour: GrpcBehaviour | ((headers: IncomingHttpHeaders) => GrpcBehaviour) = {};
  let latest: { headers: IncomingHttpHeaders; body: Buffer } | undefined;
  const server = tls
    ? createSecureServer({ cert: fixture("valid.pem"), key: fixture("valid.key"), ALPNProtocols: ["h2"] })
    : createServer();
  server.on("session", (session: Http2Session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  server.on("sessionError", () => {});
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => {});
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      latest = { headers, body: Buffer.concat(chunks) };
      answer(stream, typeof behaviour === "function" ? behaviour(headers) : behaviour);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP listener has such an address
    behave: (next) => void (behaviour = next),
    last: () => latest,
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(stream: ServerHttp2Stream, { health = 1, status = 0, ...more }: GrpcBehaviour): void {
  if (more.hang === true) return;
  if (more.reset !== undefined) return stream.close(more.reset);
  if (more.http !== undefined) {
    stream.respond({ ":status": more.http.status, "content-type": "text/html", ...more.http.headers });
    stream.end(more.http.body);
    return;
  }
  const trailers = {
    "grpc-status": String(status),
    ...(more.message === undefined ? {} : { "grpc-message": encodeURIComponent(more.message) }),
  };
  const head = { ":status": 200, "content-type": "application/grpc" };
  if (status !== 0) {
    stream.respond({ ...head, ...trailers }, { endStream: true });
    return;
  }
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  const message = health === null || health === 0 ? Buffer.alloc(0) : Buffer.from([0x08, health]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  stream.end(health === null ? undefined : Buffer.concat([frame, message]));
}

function fixture(name: string): string {
  return readFileSync(new URL(`./certs/${name}`, import.meta.url), "utf8");
}
