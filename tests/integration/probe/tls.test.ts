import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket, createSecureContext, type TlsOptions } from "node:tls";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { withAuthority, type Issued } from "#tests/support/authority.ts";
import { startFakeUpstream, testAuthority, type FakeCertificate } from "#tests/support/fake-upstream.ts";
import { look, told, type Seen } from "#tests/support/look.ts";

let ca: string;
let long: Issued;
let short: Issued;
let shortChain: Issued;
const open: (() => void)[] = [];

beforeAll(async () => {
  await withAuthority(async (authority) => {
    ca = authority.ca;
    [long, short, shortChain] = await Promise.all([
      authority.issue({ name: "long", days: 90, intermediateDays: 900 }),
      authority.issue({ name: "short", days: 9 }),
      authority.issue({ name: "under a short one", days: 90, intermediateDays: 5 }),
    ]);
  });
});
afterAll(() => open.forEach((close) => close()));

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => void sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port; // a TCP listener has such an address
}

async function lookAt(own: Issued, asked: object = {}, options: TlsOptions = {}): Promise<Seen> {
  const server = createTlsServer({ ...own, ...options }, (socket) => void socket.on("error", () => {}));
  server.on("tlsClientError", () => {});
  const port = await listen(server);
  return look("tls", { host: "127.0.0.1", port, ca, ...asked });
}

describe.concurrent("a certificate", () => {
  test("that is fine: its facts, those of its chain, and the days that are left", async () => {
    const seen = await lookAt(long);
    expect(told(seen)).toEqual(["up", null, "done"]);
    expect(seen.certificate).toMatchObject({ subject: "long", issuer: "long intermediate" });
    expect(seen.details).toMatchObject({
      protocol: "TLSv1.3",
      daysLeft: 89,
      "certificate 1": expect.stringMatching(/^long, issued by long intermediate, \d{4}-\d\d-\d\d to /),
      "certificate 2": expect.stringMatching(/^long intermediate, issued by Root of the test, /),
      "certificate 3": expect.stringMatching(/^Root of the test, /),
    });
    expect(seen.timings.tls).toBeGreaterThan(0);
  });

  test("that ends soon is told, and the check stays up", async () => {
    const seen = await lookAt(short);
    expect([seen.verdict.outcome, seen.error?.code]).toEqual([
      "certificate_expiring",
      "CERTIFICATE_EXPIRING",
    ]);
    expect(seen.verdict.summary).toMatch(
      /^All is well, but a certificate of the chain expires in 8 days\. The server's own ends on /,
    );
    const [later, never] = await Promise.all([
      lookAt(short, { warnDays: 8 }),
      lookAt(short, { warnDays: 0 }),
    ]);
    expect([later.verdict.outcome, never.verdict.outcome]).toEqual(["up", "up"]);
  });

  test("whose intermediate ends soon is told as well", async () => {
    const seen = await lookAt(shortChain);
    expect(seen.verdict.outcome).toBe("certificate_expiring");
    expect(seen.error?.message).toContain("under a short one intermediate");
    expect(seen.details?.["daysLeft"]).toBe(4);
  });

  test.each<[FakeCertificate, string]>([
    ["expired", "CERT_HAS_EXPIRED"],
    ["wrong-name", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ])("that is %s is refused, with its facts", async (tls, code) => {
    const server = await startFakeUpstream({ tls });
    const seen = await look("tls", { host: "127.0.0.1", port: server.port, ca: testAuthority() });
    await server.close();
    expect(told(seen)).toEqual(["tls_failure", code, "tls"]);
    expect(seen.certificate?.subject).toBe(`${tls}.test`);
    expect(seen.details).toHaveProperty("certificate 1");
  });

  test("for the name that is asked for", async () => {
    const [right, wrong] = await Promise.all([
      lookAt(long, { serverName: "localhost" }),
      lookAt(long, { serverName: "www.example.com" }),
    ]);
    expect([right.verdict.outcome, wrong.error?.code]).toEqual(["up", "ERR_TLS_CERT_ALTNAME_INVALID"]);
  });

  test("of an authority that nobody named", async () => {
    const seen = await lookAt(long, { ca: testAuthority() });
    expect(told(seen)).toEqual(["tls_failure", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls"]);
  });

  test("from a server that speaks too old a TLS", async () => {
    const seen = await lookAt(long, { minVersion: "TLSv1.3" }, { maxVersion: "TLSv1.2" });
    expect([seen.verdict.outcome, seen.phase]).toEqual(["tls_failure", "tls"]);
    expect(seen.verdict.summary).toBe(
      "The server speaks no version of TLS that is new enough for the check.",
    );
    expect((await lookAt(long, {}, { maxVersion: "TLSv1.2" })).details?.["protocol"]).toBe("TLSv1.2");
  });

  test("from a port that speaks no TLS, or nothing", async () => {
    const plain = await listen(createTcpServer((socket) => void socket.end("220 hello\r\n")));
    const silent = await listen(createTcpServer());
    const [not, nothing] = await Promise.all(
      [plain, silent].map((port) => look("tls", { host: "127.0.0.1", port, ca }, { timeoutMs: 400 })),
    );
    expect([not?.verdict.outcome, not?.phase]).toEqual(["tls_failure", "tls"]);
    expect([nothing?.verdict.outcome, nothing?.phase]).toEqual(["response_timeout", "tls"]);
  });
});

/** Answers line by line (or byte for byte), and goes over to TLS when the dialogue is over. */
function startTlsServer(greeting: string, answers: Readonly<Record<string, string>>, last: string): Server {
  return createTcpServer((socket) => {
    socket.write(greeting);
    socket.on("data", function onData(chunk) {
      const said = chunk.toString("latin1").trim();
      socket.write(answers[said] ?? "500 what?\r\n");
      if (said !== last) return;
      socket.off("data", onData);
      const secure = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(long) });
      secure.on("error", () => {});
    });
  });
}

const EHLO = "EHLO gatewatch.invalid";
const SSL_REQUEST = "\x00\x00\x00\x08\x04\xd2\x16\x2f";

describe.concurrent("STARTTLS", () => {
  test.each<[string, string, Record<string, string>, string]>([
    [
      "smtp",
      "220-mail.example.com\r\n220 ready\r\n",
      { [EHLO]: "250-mail.example.com\r\n250-STARTTLS\r\n250 SIZE 10\r\n", STARTTLS: "220 go ahead\r\n" },
      "STARTTLS",
    ],
    ["imap", "* OK ready\r\n", { "a STARTTLS": "a OK begin\r\n" }, "a STARTTLS"],
    ["pop3", "+OK ready\r\n", { STLS: "+OK begin\r\n" }, "STLS"],
    ["postgres", "", { [SSL_REQUEST]: "S" }, SSL_REQUEST],
  ])("%s", async (starttls, greeting, answers, last) => {
    const port = await listen(startTlsServer(greeting, answers, last));
    const seen = await look("tls", { host: "127.0.0.1", port, ca, starttls });
    expect(told(seen)).toEqual(["up", null, "done"]);
    expect(seen.certificate?.subject).toBe("long");
  });

  test.each<[string, string, Record<string, string>]>([
    ["smtp", "220 ready\r\n", { [EHLO]: "250-mail.example.com\r\n250 SIZE 10\r\n" }],
    ["smtp", "554 not you\r\n", {}],
    ["imap", "* OK ready\r\n", { "a STARTTLS": "a BAD unknown\r\n" }],
    ["postgres", "", { [SSL_REQUEST]: "N" }],
  ])("%s that will not: %j", async (starttls, greeting, answers) => {
    const port = await listen(startTlsServer(greeting, answers, "never"));
    const seen = await look("tls", { host: "127.0.0.1", port, ca, starttls });
    expect(told(seen)).toEqual(["tls_failure", "STARTTLS_REFUSED", "first_byte"]);
    expect(seen.verdict.summary).toBe("The server does not go over to TLS when it is asked to.");
  });
});
