import { createServer, type AddressInfo, type Socket } from "node:net";

import { afterAll, describe, expect, test } from "vitest";

import { closedPort, startBlackhole } from "#tests/support/fake-upstream.ts";
import { look, told } from "#tests/support/look.ts";

const open: (() => void)[] = [];
afterAll(() => open.forEach((close) => close()));

/** A server that does this with every connection, until all tests are over. */
async function serve(act: (socket: Socket) => void, host = "127.0.0.1"): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    act(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port; // a TCP listener has such an address
}

const host = "127.0.0.1";

describe.concurrent("a TCP port", () => {
  test("that accepts is up, and nothing is sent", async () => {
    let heard = "";
    const port = await serve((socket) => void socket.on("data", (chunk) => (heard += chunk.toString())));
    const seen = await look("tcp", { host, port });
    expect(told(seen)).toEqual(["up", null, "done"]);
    expect([seen.remote, seen.timings.firstByte, heard]).toEqual([`127.0.0.1:${port}`, null, ""]);
    expect(seen.verdict.summary).toMatch(/^Answered after /);
  });

  test("on IPv6", async () => {
    const port = await serve(() => {}, "::1");
    expect((await look("tcp", { host: "::1", port, ipFamily: 6 })).remote).toBe(`[::1]:${port}`);
  });

  test("that refuses, drops, or has no name", async () => {
    const blackhole = await startBlackhole();
    const [refused, dropped, nameless] = await Promise.all([
      look("tcp", { host, port: await closedPort() }),
      look("tcp", { host, port: blackhole.port }, { timeoutMs: 500 }),
      look("tcp", { host: "gatewatch-test.invalid", port: 1 }, { timeoutMs: 10_000 }),
    ]);
    await blackhole.close();
    expect(told(refused)).toEqual(["connection_refused", "ECONNREFUSED", "connect"]);
    expect(told(dropped)).toEqual(["connect_timeout", "DEADLINE", "connect"]);
    expect([nameless.verdict.outcome, nameless.phase]).toEqual(["dns_failure", "dns"]);
  });

  test("that greets as expected, in pieces", async () => {
    const port = await serve((socket) => {
      socket.write("220 mail.exa");
      setTimeout(() => socket.write("mple.com ESMTP\r\n"), 30);
    });
    const seen = await look("tcp", { host, port, expectPattern: "^220 .*ESMTP" });
    expect(told(seen)).toEqual(["up", null, "done"]);
    expect(seen.details).toEqual({ answer: "220 mail.example.com ESMTP\r\n" });
    expect(seen.timings.firstByte).toBeGreaterThanOrEqual(0);
  });

  test.each([
    ["escapes", { send: "PING\\r\\n\\x00", expect: "+PING\\r\\n\\0" }],
    ["UTF-8", { send: "süß", expectPattern: "^\\+süß$" }],
    ["hexadecimal", { sendHex: "ff 00 0A", expect: "+\\xff\\x00\\n" }],
  ])("that is spoken to in %s", async (_, asked) => {
    const port = await serve((socket) => {
      socket.on("data", (chunk) => void socket.write(Buffer.concat([Buffer.from("+"), Buffer.from(chunk)])));
    });
    expect((await look("tcp", { host, port, ...asked })).verdict.outcome).toBe("up");
  });

  test.each<[string, (socket: Socket) => void, string, string]>([
    ["keeps silent", () => {}, "response_timeout", "DEADLINE"],
    [
      "says something else",
      (socket) => void socket.write("-ERR no\r\n"),
      "body_mismatch",
      "UNEXPECTED_ANSWER",
    ],
    [
      "says something else and closes",
      (socket) => void socket.end("-ERR no\r\n"),
      "body_mismatch",
      "UNEXPECTED_ANSWER",
    ],
    ["closes without a word", (socket) => void socket.end(), "connection_reset", "CLOSED"],
    ["resets", (socket) => void socket.resetAndDestroy(), "connection_reset", "ECONNRESET"],
    ["floods", (socket) => void socket.write("x".repeat(1_000_000)), "body_mismatch", "UNEXPECTED_ANSWER"],
  ])("that %s, and was to say OK", async (_, act, outcome, code) => {
    const port = await serve((socket) => void socket.once("data", () => act(socket)));
    const seen = await look("tcp", { host, port, send: "PING\\r\\n", expect: "OK" }, { timeoutMs: 500 });
    expect([seen.verdict.outcome, seen.error?.code, seen.phase]).toEqual([outcome, code, "first_byte"]);
    expect(seen.verdict.summary).not.toBe("The check failed.");
  });

  test("that repeats the password is not quoted with it", async () => {
    const port = await serve(
      (socket) => void socket.on("data", (chunk) => void socket.write(`-ERR ${chunk.toString()}`)),
    );
    const seen = await look(
      "tcp",
      { host, port, send: "AUTH default hunter-2-secret\\r\\n", expect: "OK" },
      { timeoutMs: 300 },
    );
    expect(seen.verdict.outcome).toBe("body_mismatch");
    expect(JSON.stringify(seen)).not.toContain("hunter-2-secret");
  });
});
