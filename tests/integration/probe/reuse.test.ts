import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { createKeptConnections, type KeptConnections } from "#lib/probe/kept-connections.ts";
import { testAuthority } from "#tests/support/fake-upstream.ts";
import { look, type Seen } from "#tests/support/look.ts";

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/certs/${name}`, import.meta.url), "utf8");

interface Upstream {
  readonly port: number;
  /** Connections that were ever made, open ones among them. */
  readonly sockets: Socket[];
  open(): number;
}

/** Serves until the test is over. */
async function serve(server: Server): Promise<Upstream> {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => void sockets.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP listener has such an address
  return { port, sockets, open: () => sockets.filter(({ destroyed }) => !destroyed).length };
}

const answering: RequestListener = (_, response) => void response.end("all is well");

function keeping(limit?: number): KeptConnections {
  const kept = createKeptConnections(limit);
  onTestFinished(() => kept.close());
  return kept;
}

const target = (port: number, more: object = {}) => ({
  url: `http://127.0.0.1:${port}/`,
  reuseConnection: true,
  ...more,
});

const connection = ({ details }: Seen): unknown => details?.["connection"];

test("the second look takes the connection of the first, and says so", async () => {
  const upstream = await serve(createServer(answering));
  const kept = keeping();
  const asked = target(upstream.port);
  const first = await look("http", asked, { kept });
  const second = await look("http", asked, { kept });
  const third = await look("http", asked, { kept });
  expect([first, second, third].map(connection)).toEqual(["new", "reused", "reused"]);
  expect(second.verdict.outcome).toBe("up");
  expect(second.timings).toMatchObject({ dns: null, connect: null, tls: null });
  expect(second.timings.firstByte).toBeGreaterThan(0);
  expect(second.remote).toBe(`127.0.0.1:${upstream.port}`);
  expect(upstream.sockets).toHaveLength(1);
});

test("over TLS and over HTTP/2 as well, with the certificate that was seen", async () => {
  const own = { cert: pem("valid.pem"), key: pem("valid.key") };
  const [https, http2] = await Promise.all([
    serve(createHttpsServer(own, answering)),
    serve(createHttp2Server((_, response) => void response.end("all is well"))),
  ]);
  const kept = keeping();
  const overTls = { ...target(https.port), url: `https://127.0.0.1:${https.port}/`, ca: testAuthority() };
  const overHttp2 = target(http2.port, { http2: "require" });
  for (const expected of ["new", "reused", "reused"]) {
    const [a, b] = await Promise.all([
      look("http", overTls, { kept, id: "a" }),
      look("http", overHttp2, { kept, id: "b" }),
    ]);
    expect([connection(a), connection(b)]).toEqual([expected, expected]);
    expect([a.certificate?.subject, b.http?.version]).toEqual(["valid.test", "2.0"]);
  }
  expect([https.sockets.length, http2.sockets.length]).toEqual([1, 1]);
});

test("without the option, and where nobody keeps connections, each look makes its own", async () => {
  const upstream = await serve(createServer(answering));
  const kept = keeping();
  for (let i = 0; i < 2; i++) await look("http", target(upstream.port, { reuseConnection: false }), { kept });
  for (let i = 0; i < 2; i++) await look("http", target(upstream.port));
  expect([upstream.sockets.length, kept.size]).toEqual([4, 0]);
  await expect.poll(() => upstream.open()).toBe(0);
});

test.each<[string, (socket: Socket) => void]>([
  ["closes it as the request comes in", (socket) => void socket.end()],
  ["resets it as the request comes in", (socket) => void socket.resetAndDestroy()],
])("a server that %s causes no failure", async (_, act) => {
  let requests = 0;
  const upstream = await serve(
    createServer((request, response) => {
      if (++requests === 2) act(request.socket);
      else answering(request, response);
    }),
  );
  const kept = keeping();
  const asked = target(upstream.port);
  await look("http", asked, { kept });
  const seen = await look("http", asked, { kept });
  expect([seen.verdict.outcome, connection(seen), requests]).toEqual(["up", "new", 3]);
  expect(seen.timings.connect).not.toBeNull();
});

test("an HTTP/2 server that says goodbye causes no failure", async () => {
  let requests = 0;
  const server = createHttp2Server();
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    if (++requests === 2) {
      stream.session?.goaway(0, 1);
      return;
    }
    stream.respond({ ":status": 200 });
    stream.end("all is well");
  });
  server.on("sessionError", () => {});
  const upstream = await serve(server);
  const kept = keeping();
  const asked = target(upstream.port, { http2: "require" });
  await look("http", asked, { kept });
  const seen = await look("http", asked, { kept });
  expect([seen.verdict.outcome, connection(seen), requests]).toEqual(["up", "new", 3]);
});

test("a new connection that fails as well is a failure, and only one was retried", async () => {
  let requests = 0;
  const upstream = await serve(
    createServer((request, response) => {
      if (++requests === 1) answering(request, response);
      else request.socket.resetAndDestroy();
    }),
  );
  const kept = keeping();
  const asked = target(upstream.port);
  await look("http", asked, { kept });
  const seen = await look("http", asked, { kept });
  expect([seen.verdict.outcome, requests, upstream.sockets.length]).toEqual(["connection_reset", 3, 2]);
});

test("an idle connection that the server closes, or talks on, is dropped at once", async () => {
  const upstream = await serve(createServer(answering));
  const kept = keeping();
  await look("http", target(upstream.port), { kept, id: "closed" });
  await look("http", target(upstream.port), { kept, id: "talked" });
  expect(kept.size).toBe(2);
  upstream.sockets[0]?.end();
  upstream.sockets[1]?.write("HTTP/1.1 408 Request Timeout\r\n\r\n");
  await expect.poll(() => kept.size).toBe(0);
  await expect.poll(() => upstream.open()).toBe(0);
});

test.each<[string, object, RequestListener]>([
  ["a failure", {}, (_, response) => void response.writeHead(502).end()],
  ["content that is not as expected", { keyword: "elsewhere" }, answering],
  [
    "an answer that is too large",
    { maxBodyBytes: 1_024 },
    (_, response) => void response.end("x".repeat(9_999)),
  ],
  [
    "an answer after which the server closes",
    {},
    (_, response) => void response.setHeader("connection", "close").end("well"),
  ],
])("after %s nothing is kept", async (_, more, listener) => {
  const upstream = await serve(createServer(listener));
  const kept = keeping();
  await look("http", target(upstream.port, more), { kept });
  expect(kept.size).toBe(0);
  await expect.poll(() => upstream.open()).toBe(0);
});

test("a check that has changed, or is gone, does not keep its connection", async () => {
  const upstream = await serve(createServer(answering));
  const kept = keeping();
  const asked = target(upstream.port);
  await look("http", asked, { kept, id: "changed" });
  expect(connection(await look("http", { ...asked }, { kept, id: "changed" }))).toBe("new");
  await look("http", asked, { kept, id: "gone" });
  kept.keepOnly(new Set(["changed"]));
  expect(kept.size).toBe(1);
  await expect.poll(() => upstream.open()).toBe(1);
});

test("as many are kept as the bound says, and none after the end", async () => {
  const upstream = await serve(createServer(answering));
  const kept = keeping(3);
  for (let i = 0; i < 5; i++) await look("http", target(upstream.port), { kept, id: String(i) });
  expect(kept.size).toBe(3);
  await expect.poll(() => upstream.open()).toBe(3);
  kept.close();
  expect(kept.size).toBe(0);
  await expect.poll(() => upstream.open()).toBe(0);
});
