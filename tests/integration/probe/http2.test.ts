import { createSecureServer, createServer, type ServerHttp2Stream, type Http2Server } from "node:http2";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { readFileSync } from "node:fs";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { startFakeUpstream, testAuthority } from "#tests/support/fake-upstream.ts";
import { look, told } from "#tests/support/look.ts";

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/certs/${name}`, import.meta.url), "utf8");

type Handler = (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>) => void;

const ok: Handler = (stream, headers) => {
  stream.respond({
    ":status": 200,
    "content-type": "text/plain",
    "x-authority": String(headers[":authority"]),
  });
  stream.end("all is well\n");
};

interface Running {
  readonly port: number;
  readonly versions: string[];
  handle: Handler;
  connections(): number;
  close(): Promise<void>;
}

async function start(server: Http2Server): Promise<Running> {
  const sockets = new Set<Socket>();
  const running = { handle: ok, versions: [] as string[] };
  server.on("stream", (stream, headers) => {
    // resets are what is tested
    stream.on("error", () => {});
    running.handle(stream, headers);
  });
  server.on("sessionError", () => {});
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener has such an address
  return Object.assign(running, {
    port,
    connections: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

let plain: Running;
let secure: Running;
beforeAll(async () => {
  plain = await start(createServer());
  secure = await start(
    createSecureServer({ cert: pem("valid.pem"), key: pem("valid.key"), allowHTTP1: false }),
  );
});
afterAll(() => Promise.all([plain.close(), secure.close()]));
afterEach(async () => {
  plain.handle = ok;
  secure.handle = ok;
  // whatever happened, nothing stays open
  await expect.poll(() => plain.connections() + secure.connections(), { timeout: 2_000 }).toBe(0);
});

const overPlain = (target: object = {}, timeoutMs?: number) =>
  look(
    "http",
    { url: `http://127.0.0.1:${plain.port}/a?b=c`, http2: "require", ...target },
    timeoutMs === undefined ? {} : { timeoutMs },
  );
const overTls = (target: object = {}) =>
  look("http", { url: `https://127.0.0.1:${secure.port}/`, http2: "prefer", ca: testAuthority(), ...target });

describe("HTTP/2 that works", () => {
  test("over TLS by ALPN: status, headers, body, times and certificate as with HTTP/1.1", async () => {
    const seen = await overTls({ keyword: "all is well", headers: { host: "shop.example" } });
    expect(told(seen)).toEqual(["up", null, "done"]);
    expect(seen.http).toMatchObject({
      status: 200,
      version: "2.0",
      bodyStart: "all is well\n",
      bodyMatched: true,
    });
    expect(seen.http?.headers).toMatchObject({ "content-type": "text/plain", "x-authority": "shop.example" });
    expect(seen.http?.headers).not.toHaveProperty(":status");
    expect(seen.timings).toMatchObject({ connect: expect.any(Number), tls: expect.any(Number) });
    expect(seen.timings.firstByte).toBeGreaterThan(0);
    expect(seen.certificate?.subject).toBe("valid.test");
    expect(seen.remote).toBe(`127.0.0.1:${secure.port}`);
  });

  test("without TLS by prior knowledge, a body included", async () => {
    plain.handle = (stream, headers) => {
      let body = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      stream.on("end", () => {
        stream.respond({ ":status": 201 });
        stream.end(
          `${String(headers[":method"])} ${String(headers[":path"])} ${body} ${String(headers["x-own"])}`,
        );
      });
    };
    const seen = await overPlain({ method: "POST", body: "päck", headers: { "X-Own": "1" } });
    expect(told(seen)).toEqual(["up", null, "done"]);
    expect(seen.http?.bodyStart).toBe("POST /a?b=c päck 1");
  });

  test("a server that offers only HTTP/1.1 is asked in that, when HTTP/2 is only preferred", async () => {
    const old = await startFakeUpstream({ tls: "valid" });
    const seen = await look("http", { url: old.url, http2: "prefer", ca: testAuthority() });
    await old.close();
    expect([seen.verdict.outcome, seen.http?.version]).toEqual(["up", "1.1"]);
  });

  test("redirects and HEAD", async () => {
    plain.handle = (stream, headers) => {
      const path = String(headers[":path"]);
      if (path === "/next") return ok(stream, headers);
      stream.respond({ ":status": 302, location: "/next" }, { endStream: true });
    };
    const seen = await overPlain({ method: "HEAD" });
    expect([seen.verdict.outcome, seen.http?.redirects, seen.http?.bodyBytes]).toEqual(["up", 1, 0]);
  });

  test("a gateway's page is recognised here as well", async () => {
    plain.handle = (stream) => {
      stream.respond({ ":status": 502, server: "nginx/1.22.1" });
      stream.end("<hr><center>nginx/1.22.1</center>");
    };
    const { verdict } = await overPlain();
    expect([verdict.outcome, verdict.gateway]).toEqual(["bad_gateway", "nginx"]);
  });
});

describe("HTTP/2 that fails", () => {
  test("a server that does not offer it, when it is required", async () => {
    const old = await startFakeUpstream({ tls: "valid" });
    const seen = await look("http", { url: old.url, http2: "require", ca: testAuthority() });
    await old.close();
    expect(told(seen)).toEqual(["tls_failure", "HTTP2_REFUSED", "tls"]);
    expect(seen.verdict.summary).toBe("The server does not offer HTTP/2, which the check requires.");
  });

  test("a server that offers nothing else, when HTTP/1.1 is asked for", async () => {
    const seen = await overTls({ http2: "off" });
    expect(seen.verdict.outcome).toBe("tls_failure");
    expect(seen.error?.code).toBe("ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL");
  });

  test("a server that speaks HTTP/1.1 to prior knowledge", async () => {
    const old = await startFakeUpstream();
    const seen = await look("http", { url: old.url, http2: "require" });
    await old.close();
    expect(told(seen)).toEqual(["invalid_response", "HTTP2_INVALID", "first_byte"]);
    expect(seen.verdict.summary).toBe("What came back is not valid HTTP/2.");
  });

  test("GOAWAY instead of an answer", async () => {
    plain.handle = (stream) => stream.session?.goaway(2, 0);
    const seen = await overPlain();
    expect(told(seen)).toEqual(["connection_reset", "HTTP2_GOAWAY", "first_byte"]);
    expect(seen.error?.message).toContain("INTERNAL_ERROR");
    expect(seen.verdict.summary).toContain("GOAWAY");
  });

  test.each([
    [2, "INTERNAL_ERROR"],
    [7, "REFUSED_STREAM"],
    [8, "CANCEL"],
  ])("RST_STREAM %i (%s) instead of an answer", async (code, name) => {
    plain.handle = (stream) => stream.close(code);
    const seen = await overPlain();
    expect(told(seen)).toEqual(["connection_reset", "HTTP2_STREAM_RESET", "first_byte"]);
    expect(seen.error?.message).toContain(name);
    expect(seen.verdict.summary).toContain("RST_STREAM");
  });

  test("RST_STREAM in the middle of the body", async () => {
    plain.handle = (stream) => {
      stream.respond({ ":status": 200 });
      // close() would end the body in order first
      stream.write("half", () => setTimeout(() => stream.destroy(new Error("on purpose")), 20));
    };
    const seen = await overPlain();
    expect(told(seen)).toEqual(["connection_reset", "HTTP2_STREAM_RESET", "body"]);
    expect(seen.http).toMatchObject({ status: 200, bodyStart: "half" });
  });

  test("a close in the middle of the body", async () => {
    plain.handle = (stream) => {
      stream.respond({ ":status": 200 });
      stream.write("half", () => setTimeout(() => stream.session?.destroy(), 20));
    };
    const seen = await overPlain();
    expect([seen.verdict.outcome, seen.phase, seen.http?.bodyStart]).toEqual([
      "connection_reset",
      "body",
      "half",
    ]);
  });

  test("no answer in time, before the head and after it", async () => {
    plain.handle = () => {};
    expect(told(await overPlain({}, 500))).toEqual(["response_timeout", "DEADLINE", "first_byte"]);
    plain.handle = (stream) => stream.respond({ ":status": 200 });
    expect(told(await overPlain({}, 500))).toEqual(["response_timeout", "DEADLINE", "body"]);
  });

  test.each<[string, (socket: Socket) => void, string, string]>([
    ["a close", (socket) => void socket.end(), "connection_reset", "CLOSED"],
    ["a reset", (socket) => void socket.resetAndDestroy(), "connection_reset", "ECONNRESET"],
    [
      "garbage",
      (socket) => void socket.write("\u0000\u0001garbage, and more of it"),
      "invalid_response",
      "HTTP2_INVALID",
    ],
  ])("%s instead of any frame", async (_, act, outcome, code) => {
    const server = createTcpServer(
      (socket) => void socket.on("error", () => {}).once("data", () => act(socket)),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP listener has such an address
    const seen = await look("http", { url: `http://127.0.0.1:${port}/`, http2: "require" });
    server.close();
    expect(told(seen)).toEqual([outcome, code, "first_byte"]);
  });

  test("a body beyond the cap", async () => {
    plain.handle = (stream) => {
      stream.respond({ ":status": 200 });
      stream.end("x".repeat(500_000));
    };
    const seen = await overPlain({ maxBodyBytes: 100_000 });
    expect([seen.verdict.outcome, seen.http?.bodyBytes]).toEqual(["too_large", 100_000]);
  });
});
