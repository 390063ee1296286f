// The target of look.ts, as a process of its own: `node server.ts`; it prints the ports of HTTP and
// HTTPS. It closes each connection that does not ask to be kept.
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";

const pem = (name: string): string =>
  readFileSync(new URL(`../../support/certs/${name}`, import.meta.url), "utf8");

const answer: RequestListener = (_, response) => {
  response.setHeader("content-type", "application/json");
  response.end('{"status":"ok","version":"1.2.3"}');
};

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    // a TCP listener has such an address
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );
}

const plain = await listen(createServer(answer));
const secure = await listen(createTlsServer({ cert: pem("valid.pem"), key: pem("valid.key") }, answer));
console.log(JSON.stringify({ plain, secure }));
