import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";

/** An HTTP answer put together by the test; `content-length` is added unless it is given. */
export interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds from the request's arrival to the answer. */
  readonly delayMs?: number;
}

/** What arrived: the head of one request. */
export interface Arrived {
  readonly method: string;
  /** As in the request line: path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Act = (socket: Socket, request: Arrived) => void;

const PAGE = (title: string, by: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${by}</center>\r\n</body>\r\n</html>\r\n`;

const gatewayPage = (status: number, reason: string): Act =>
  answer({
    status,
    reason,
    headers: { server: "nginx/1.22.1", "content-type": "text/html" },
    body: PAGE(`${status} ${reason}`, "nginx/1.22.1"),
  });

/** What a fake upstream can do, each on a real socket once the request's head has arrived. */
const ACTS = {
  ok: answer({ status: 200, reason: "OK", headers: { "content-type": "text/plain" }, body: "all is well\n" }),
  "ok-gzip": answer({
    status: 200,
    reason: "OK",
    headers: { "content-type": "text/plain", "content-encoding": "gzip" },
    body: gzipSync("all is well\n"),
  }),
  "bad-gateway": gatewayPage(502, "Bad Gateway"),
  "service-unavailable": gatewayPage(503, "Service Temporarily Unavailable"),
  "gateway-timeout": gatewayPage(504, "Gateway Time-out"),
  "server-error": gatewayPage(500, "Internal Server Error"),
  "not-found": gatewayPage(404, "Not Found"),
  /** Accepts and never answers. */
  hang: () => {},
  /** A TCP reset instead of an answer. */
  reset: (socket) => void socket.resetAndDestroy(),
  /** An orderly close instead of an answer. */
  "close-early": (socket) => void socket.end(),
  /** Bytes that are not HTTP. */
  garbage: (socket) => void socket.end("\u0001\u0002 220 smtp.example.test ESMTP ready\r\n"),
  /** A head at once, then a byte every 50 ms for 50 s. */
  "slow-body": (socket) => {
    socket.write(head({ status: 200, headers: { "content-length": "1000" } }));
    const timer = setInterval(() => socket.write("."), 50);
    socket.on("close", () => clearInterval(timer));
  },
  /** A body without an end, as fast as it is read; bounded at 1 GiB. */
  "endless-body": (socket) => {
    socket.write(head({ status: 200, headers: { "transfer-encoding": "chunked" } }));
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    let left = 16_384;
    const pour = (): void => {
      while (left-- > 0 && !socket.destroyed) if (!socket.write(chunk)) return;
      socket.end();
    };
    socket.on("drain", pour);
    pour();
  },
  /** A head and half of the promised body, then an orderly close. */
  "truncated-body": (socket) =>
    void socket.end(`${head({ status: 200, headers: { "content-length": "100" } })}half`),
  /** A chunked body whose second chunk has no length. */
  "bad-chunk": (socket) => {
    socket.write(`${head({ status: 200, headers: { "transfer-encoding": "chunked" } })}4\r\nhalf\r\nzzz\r\n`);
  },
  /** 101 Switching Protocols, unasked, and then silence. */
  upgrade: (socket) => {
    socket.write(head({ status: 101, headers: { connection: "upgrade", upgrade: "something" } }));
  },
  /** Redirects to itself for ever. */
  "redirect-loop": (socket, request) =>
    answer({ status: 302, reason: "Found", headers: { location: request.path } })(socket, request),
  /** Redirects to a new address each time. */
  "redirect-chain": (socket, request) =>
    answer({ status: 302, reason: "Found", headers: { location: `${request.path}x` } })(socket, request),
  /** More header than any client takes: 100 KB. */
  "huge-header": answer({ status: 200, headers: { "x-huge": "h".repeat(100_000) } }),
} satisfies Record<string, Act>;

/** Behaviours by name; `reset-on-connect` does not wait for a request. */
export type BehaviourName = keyof typeof ACTS | "reset-on-connect";

/** A behaviour by name, an answer of one's own, or a function of the request that picks one of the two. */
export type Behaviour = BehaviourName | Answer | ((request: Arrived) => BehaviourName | Answer);

/** Carries a behaviour out on a socket whose request has arrived. */
export function act(behaviour: Behaviour, socket: Socket, request: Arrived): void {
  const chosen = typeof behaviour === "function" ? behaviour(request) : behaviour;
  if (chosen === "reset-on-connect") socket.resetAndDestroy();
  else if (typeof chosen === "string") ACTS[chosen](socket, request);
  else answer(chosen)(socket, request);
}

function head(parts: Answer): string {
  const lines = Object.entries({ connection: "close", ...parts.headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `HTTP/1.1 ${parts.status} ${parts.reason ?? "Status"}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

function answer(parts: Answer): Act {
  const body = Buffer.from(parts.body ?? "");
  const start = head({ ...parts, headers: { "content-length": String(body.length), ...parts.headers } });
  return (socket, request) => {
    const send = (): void => {
      if (socket.destroyed) return;
      socket.write(start);
      if (request.method === "HEAD") socket.end();
      else socket.end(body);
    };
    if (parts.delayMs === undefined) return send();
    const timer = setTimeout(send, parts.delayMs);
    socket.on("close", () => clearTimeout(timer));
  };
}
