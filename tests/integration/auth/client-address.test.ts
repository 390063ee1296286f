import { createServer, request as send } from "node:http";

import { expect, test } from "vitest";

import { CLIENT_IP_HEADER } from "#lib/auth/access.ts";
import { CLIENT_ADDRESS_HEADER } from "#lib/edge/client-address.ts";
import { passThrough } from "#lib/edge/private.ts";

/** What Next would be told when this is sent from 127.0.0.1. */
async function named(headers: Record<string, string>, trustProxy: boolean): Promise<unknown> {
  let seen: unknown;
  const server = createServer((request, response) => {
    const handler = async (): Promise<void> => {
      seen = request.headers[CLIENT_ADDRESS_HEADER];
      response.end();
    };
    void passThrough(handler, request, response, { trustProxy });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    await new Promise<void>((done, fail) => {
      // a connection of its own, so that closing the server waits for nothing
      send({ host: "127.0.0.1", port: address.port, headers, agent: false }, (response) =>
        response.resume().once("end", done),
      )
        .once("error", fail)
        .end();
    });
  } finally {
    await new Promise((done) => server.close(done));
  }
  return seen;
}

test("the edge writes the header that the rate limit reads", () => {
  expect(CLIENT_ADDRESS_HEADER).toBe(CLIENT_IP_HEADER);
});

test("nobody chooses the address that their attempts are counted by", async () => {
  const forged = { [CLIENT_ADDRESS_HEADER]: "203.0.113.9", "x-forwarded-for": "203.0.113.9" };
  expect(await named(forged, false)).toBe("127.0.0.1");
});

test("behind a trusted proxy it is the address which that proxy saw", async () => {
  const through = { [CLIENT_ADDRESS_HEADER]: "203.0.113.9", "x-forwarded-for": "203.0.113.9, 198.51.100.7" };
  expect(await named(through, true)).toBe("198.51.100.7");
  expect(await named({}, true)).toBe("127.0.0.1");
});
