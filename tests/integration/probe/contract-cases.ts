import { createServer, type AddressInfo } from "node:net";

import type { PushStanding } from "#lib/model/push.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import type { ProbeOptions } from "#lib/probe/registry.ts";
import { startFakeDns } from "#tests/support/fake-dns.ts";
import { startFakeGrpc } from "#tests/support/fake-grpc.ts";
import { startFakeUpstream, type Behaviour } from "#tests/support/fake-upstream.ts";
import { startFakeWebSocket } from "#tests/support/fake-websocket.ts";

/** A target that is really there, and what looking at it comes to. */
export interface Case {
  readonly target: unknown;
  readonly outcome: Outcome;
  readonly extras?: Pick<ProbeOptions, "lastSignal">;
  close?(): Promise<void>;
}

/** What the contract test needs of a kind; null where a kind cannot come to it, with the reason beside it. */
export interface KindCases {
  good(): Promise<Case>;
  /** Takes what is sent and never answers. */
  hang: (() => Promise<Case>) | null;
  /** Long enough under way to be ended in the middle. */
  endless(): Promise<Case>;
  /** Nothing listens on the port of 127.0.0.1. */
  refused: ((port: number) => Case) | null;
  /** Carries the secret, and is told it back. */
  echo: ((secret: string) => Promise<Case>) | null;
  readonly misfit: unknown;
}

const up = (more: Partial<Case> = {}): Case => ({ target: null, outcome: "up", ...more });

async function overHttp(
  behaviour: Behaviour,
  outcome: Outcome,
  targetOf: (url: string, port: number) => unknown,
): Promise<Case> {
  const upstream = await startFakeUpstream({ behaviour });
  return { outcome, target: targetOf(upstream.url, upstream.port), close: () => upstream.close() };
}

const echoing: Behaviour = ({ headers }) => ({
  status: 500,
  headers: { "x-echo": headers["authorization"] ?? "" },
  body: `you are ${headers["authorization"] ?? ""}`,
});

const http: KindCases = {
  good: () => overHttp("ok", "up", (url) => ({ url })),
  hang: () => overHttp("hang", "response_timeout", (url) => ({ url })),
  endless: () => overHttp("slow-body", "unknown", (url) => ({ url })),
  refused: (port) => ({ outcome: "connection_refused", target: { url: `http://127.0.0.1:${port}/` } }),
  echo: (secret) =>
    overHttp(echoing, "server_error", (url) => ({ url, headers: { authorization: `Bearer ${secret}` } })),
  misfit: { url: "nowhere" },
};

const hostAndPort = (_: string, port: number): unknown => ({ host: "127.0.0.1", port });

const tcp: KindCases = {
  good: () => overHttp("hang", "up", hostAndPort),
  // a connection is all that is asked for, and the kernel makes it
  hang: null,
  endless: () => overHttp("hang", "unknown", (_, port) => ({ host: "127.0.0.1", port, expect: "never" })),
  refused: (port) => ({ outcome: "connection_refused", target: { host: "127.0.0.1", port } }),
  echo: (secret) =>
    overHttp(echoing, "body_mismatch", (_, port) => ({
      host: "127.0.0.1",
      port,
      send: `GET / HTTP/1.1\\r\\nAuthorization: Bearer ${secret}\\r\\n\\r\\n`,
      expect: "never",
    })),
  misfit: { host: "no host at all", port: 0 },
};

/** Reads what comes, and says nothing. */
async function silent(outcome: Outcome): Promise<Case> {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener has such an address
  const close = async (): Promise<void> => void server.close();
  return { outcome, target: hostAndPort("", port), close };
}

const tls: KindCases = {
  good: async () => {
    const upstream = await startFakeUpstream({ tls: "valid" });
    return up({ target: { host: "127.0.0.1", port: upstream.port }, close: () => upstream.close() });
  },
  hang: () => silent("response_timeout"),
  endless: () => silent("unknown"),
  refused: (port) => ({ outcome: "connection_refused", target: { host: "127.0.0.1", port } }),
  // nothing secret is sent
  echo: null,
  misfit: { host: "127.0.0.1", port: 70_000 },
};

async function overDns(silent: boolean, outcome: Outcome): Promise<Case> {
  const dns = await startFakeDns({
    silent,
    answers: [{ type: "A", name: "www.example.test", ttl: 60, data: "192.0.2.7" }],
  });
  const target = { query: "www.example.test", resolver: dns.resolver };
  return { outcome, target, close: () => dns.close() };
}

const dns: KindCases = {
  good: () => overDns(false, "up"),
  hang: () => overDns(true, "dns_failure"),
  endless: () => overDns(true, "unknown"),
  refused: (port) => ({
    outcome: "dns_failure",
    target: { query: "www.example.test", resolver: `127.0.0.1:${port}` },
  }),
  // nothing secret is sent
  echo: null,
  misfit: { query: "www.example.test", type: "ANY" },
};

const ofWebSocket = (url: string): string => url.replace("http", "ws");

const websocket: KindCases = {
  good: async () => {
    const server = await startFakeWebSocket();
    return up({
      target: { url: server.url, send: "ping", expect: "echo: ping" },
      close: () => server.close(),
    });
  },
  hang: () => overHttp("hang", "response_timeout", (url) => ({ url: ofWebSocket(url) })),
  endless: async () => {
    const server = await startFakeWebSocket();
    const target = { url: server.url, expect: "never" };
    return { outcome: "unknown", target, close: () => server.close() };
  },
  refused: (port) => ({ outcome: "connection_refused", target: { url: `ws://127.0.0.1:${port}/` } }),
  echo: (secret) =>
    overHttp(echoing, "server_error", (url) => ({
      url: ofWebSocket(url),
      headers: { authorization: `Bearer ${secret}` },
    })),
  misfit: { url: "https://www.example.test/" },
};

const grpcTarget = (port: number): Record<string, unknown> => ({ host: "127.0.0.1", port, tls: false });

const grpc: KindCases = {
  good: async () => {
    const server = await startFakeGrpc();
    return up({ target: grpcTarget(server.port), close: () => server.close() });
  },
  hang: async () => {
    const server = await startFakeGrpc();
    server.behave({ hang: true });
    return { outcome: "response_timeout", target: grpcTarget(server.port), close: () => server.close() };
  },
  endless: async () => {
    const server = await startFakeGrpc();
    server.behave({ hang: true });
    return { outcome: "unknown", target: grpcTarget(server.port), close: () => server.close() };
  },
  refused: (port) => ({ outcome: "connection_refused", target: grpcTarget(port) }),
  echo: async (secret) => {
    const server = await startFakeGrpc();
    server.behave(({ authorization }) => ({ status: 13, message: `you are ${authorization}` }));
    return {
      outcome: "server_error",
      target: { ...grpcTarget(server.port), headers: { Authorization: `Bearer ${secret}` } },
      close: () => server.close(),
    };
  },
  misfit: { host: "-oProxyCommand=id", port: 443 },
};

const icmp: KindCases = {
  good: async () => up({ target: { host: "127.0.0.1", count: 2 } }),
  // loopback always replies; silence is tried in a network namespace (icmp.test.ts)
  hang: null,
  endless: async () => ({ outcome: "unknown", target: { host: "127.0.0.1", count: 20 } }),
  refused: null,
  echo: null,
  misfit: { host: "-f" },
};

const standing = (last: PushStanding["last"]): Pick<ProbeOptions, "lastSignal"> => ({
  lastSignal: async () => ({ createdMsAgo: 3_600_000, last }),
});

const push: KindCases = {
  good: async () =>
    up({
      target: { everyMs: 60_000 },
      extras: standing({ msAgo: 5_000, ok: true, message: null, durationMs: 12 }),
    }),
  // a database that hangs is no silence of the job
  hang: async () => ({
    outcome: "unknown",
    target: { everyMs: 60_000 },
    extras: { lastSignal: () => new Promise(() => {}) },
  }),
  endless: async () => ({
    outcome: "unknown",
    target: { everyMs: 60_000 },
    extras: { lastSignal: () => new Promise(() => {}) },
  }),
  refused: null,
  echo: async (secret) => ({
    outcome: "reported_failure",
    target: { everyMs: 60_000 },
    extras: standing({ msAgo: 5_000, ok: false, message: `curl failed: ?token=${secret}`, durationMs: null }),
  }),
  misfit: { everyMs: "often" },
};

async function overPool(behaviour: Behaviour, outcome: Outcome, front: object = {}): Promise<Case> {
  return overHttp(behaviour, outcome, (url, port) => ({
    front: { url, ...front },
    members: [
      { name: "a", address: `127.0.0.1:${port}` },
      { name: "b", url },
    ],
  }));
}

const pool: KindCases = {
  good: () => overPool("ok", "up"),
  hang: () => overPool("hang", "response_timeout"),
  endless: () => overPool("slow-body", "unknown"),
  refused: (port) => ({
    outcome: "connection_refused",
    target: {
      front: { url: `http://127.0.0.1:${port}/` },
      members: [
        { name: "a", address: `127.0.0.1:${port}` },
        { name: "b", address: `127.0.0.1:${port}` },
      ],
    },
  }),
  echo: (secret) => overPool(echoing, "server_error", { headers: { authorization: `Bearer ${secret}` } }),
  misfit: { front: { url: "http://127.0.0.1/" }, members: [{ name: "alone", address: "127.0.0.1:80" }] },
};

/** One entry a kind. A kind without one fails the contract test. */
export const CASES: Readonly<Record<string, KindCases>> = {
  http,
  tcp,
  tls,
  dns,
  websocket,
  grpc,
  icmp,
  push,
  pool,
};
