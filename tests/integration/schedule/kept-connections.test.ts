import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, it, onTestFinished } from "vitest";

import { eventually, openHouse } from "./house.ts";

it(
  "a worker keeps the connection of a check that asks for it, and closes it when it stops",
  { timeout: 60_000 },
  async () => {
    let open = 0;
    let made = 0;
    const server = createServer((_, response) => void response.end("all is well"));
    server.on("connection", (socket) => {
      open += 1;
      made += 1;
      socket.on("close", () => (open -= 1));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP listener has such an address
    const house = await openHouse();
    onTestFinished(async () => {
      await house.close();
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${port}/`;
    const { checkId, number } = await house.watch(url);
    await house.db.check.update({ where: { id: checkId }, data: { target: { url, reuseConnection: true } } });
    const worker = await house.worker();
    await eventually(
      "several looks",
      async () => (await house.db.result.count({ where: { checkNumber: number } })) > 3,
    );
    expect([made, open]).toEqual([1, 1]);
    await worker.stop();
    await eventually("the connection to be closed", () => Promise.resolve(open === 0));
  },
);
