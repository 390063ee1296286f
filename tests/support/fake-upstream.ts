import { readFileSync } from "node:fs";
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext, TLSSocket } from "node:tls";
import { Worker } from "node:worker_threads";

import { act, type Arrived, type Behaviour } from "./fake-behaviours.ts";

export type { Answer, Arrived, Behaviour, BehaviourName } from "./fake-behaviours.ts";

/** Certificates under tests/support/certs; `valid` is signed by `testAuthority()`. */
export type FakeCertificate = "valid" | "expired" | "wrong-name" | "self-signed";

export interface FakeUpstreamOptions {
  /** What it does at first; default `ok`. */
  readonly behaviour?: Behaviour;
  /** Speaks TLS with this certificate; without it plain HTTP. */
  readonly tls?: FakeCertificate;
  /** Accepts connections and never reads from them: a process that stands still. */
  readonly silent?: boolean;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
}

/** A real server on loopback that misbehaves on command. Each connection carries one request. */
export interface FakeUpstream {
  /** `http://127.0.0.1:PORT/`, or https with a certificate. */
  readonly url: string;
  readonly port: number;
  /** From the next request on. */
  behave(behaviour: Behaviour): void;
  /** Closes the port, so that connections are refused; `accept()` opens the same one again. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** Requests whose head has arrived (connections, while it resets on connect). */
  requests(): number;
  /** When each of them arrived, milliseconds since 1970 with fractions. */
  readonly arrivals: readonly number[];
  /** The head of the latest request. */
  last(): Arrived | undefined;
  /** Connections open now. */
  connections(): number;
  /** Cuts what is open and waits for the port to be free. */
  close(): Promise<void>;
}

const MAX_HEAD = 65_536;

/** Starts a fake upstream; close it in the test's teardown. */
export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const host = options.host ?? "127.0.0.1";
  const sockets = new Set<Socket>();
  const arrivals: number[] = [];
  let behaviour: Behaviour = options.behaviour ?? "ok";
  let latest: Arrived | undefined;

  const arrive = (socket: Socket, request: Arrived): void => {
    arrivals.push(performance.timeOrigin + performance.now());
    latest = request;
    act(behaviour, socket, request);
  };

  const server = createListener(options.tls, (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    // a prober that gives up resets the connection: that is its right
    socket.on("error", () => socket.destroy());
    if (options.silent === true) return;
    if (behaviour === "reset-on-connect") return arrive(socket, { method: "", path: "", headers: {} });
    onHead(socket, (request) => arrive(socket, request));
  });

  const port = await listen(server, options.port ?? 0, host);
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  return {
    url: `${options.tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}/`,
    port,
    behave: (next) => void (behaviour = next),
    refuse: stop,
    accept: async () => void (server.listening || (await listen(server, port, host))),
    requests: () => arrivals.length,
    arrivals,
    last: () => latest,
    connections: () => sockets.size,
    close: stop,
  };
}

/** The authority that signed the `valid`, `expired` and `wrong-name` certificates, as PEM. */
export function testAuthority(): string {
  return fixture("ca.pem");
}

/** A port of 127.0.0.1 on which nothing listens. Another process could take it: use it at once. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, "127.0.0.1");
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * A port whose connections never come about, as behind a packet filter that drops: a listener
 * in a thread that stands still, with its backlog full, so that the kernel ignores further SYNs.
 */
export async function startBlackhole(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     const server = require("node:net").createServer();
     server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await sleep(50); // the thread has to stand still before the first connection comes in
  const fillers: Socket[] = [];
  let full = false;
  for (let tries = 0; tries < 16 && !full; tries++) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    fillers.push(socket);
    full = await Promise.race([
      new Promise<false>((resolve) => socket.once("connect", () => resolve(false))),
      sleep(250, true as const),
    ]);
  }
  const close = async (): Promise<void> => {
    for (const socket of fillers) socket.destroy();
    await worker.terminate();
  };
  if (!full) {
    await close();
    throw new Error("the kernel kept accepting: no blackhole could be made");
  }
  return { port, close };
}

function fixture(name: string): string {
  return readFileSync(new URL(`./certs/${name}`, import.meta.url), "utf8");
}

function createListener(tls: FakeCertificate | undefined, onSocket: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(onSocket);
  const secureContext = createSecureContext({ cert: fixture(`${tls}.pem`), key: fixture(`${tls}.key`) });
  return createServer((raw) => {
    // probers are expected to break off handshakes; the server only has to survive it
    raw.on("error", () => raw.destroy());
    const secure = new TLSSocket(raw, { isServer: true, secureContext });
    // a TLS socket cannot reset itself; the TCP socket under it can
    secure.resetAndDestroy = () => {
      raw.resetAndDestroy();
      return secure;
    };
    onSocket(secure);
  });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 4096 }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port); // a TCP listener has such an address
    });
  });
}

/** Calls back once with the first request's head; the body, and whatever follows, is read and dropped. */
function onHead(socket: Socket, callback: (request: Arrived) => void): void {
  let text = "";
  let done = false;
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    if (done) return;
    text += chunk.toString();
    // what HTTP servers do when somebody speaks TLS to them
    if (!/^[A-Z]/.test(text) || text.length > MAX_HEAD) {
      done = true;
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return;
    done = true;
    callback(parseHead(text.slice(0, end)));
  });
}

function parseHead(text: string): Arrived {
  const [line = "", ...lines] = text.split("\r\n");
  const [method = "", path = ""] = line.split(" ");
  const headers = lines.map((header): [string, string] => {
    const colon = header.indexOf(":");
    return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
  });
  return { method, path, headers: Object.fromEntries(headers) };
}
