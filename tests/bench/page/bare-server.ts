// The yardstick: node:http that sends the bytes it was given, looked up by address. Run by page.ts
// as a process of its own: `node bare-server.ts recorded.json`; it prints the port it listens on.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import type { Recorded } from "./servers.ts";

const [file = ""] = process.argv.slice(2);
const recorded = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Recorded>>;
const answers = new Map(
  Object.entries(recorded).map(([path, { status, headers, body }]) => [
    path,
    { status, headers: [...headers], body: Buffer.from(body, "base64") },
  ]),
);

const server = createServer((request, response) => {
  const answer = answers.get(request.url ?? "");
  if (answer === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
