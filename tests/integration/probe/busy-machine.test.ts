import { Worker } from "node:worker_threads";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { runProbe } from "#lib/probe/registry.ts";

// an upstream in a thread of its own: it goes on answering while this one stands still
const UPSTREAM = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:http").createServer((request, response) => {
    parentPort.postMessage("asked");
    if (request.url === "/answers") setTimeout(() => response.end("here"), 30);
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe("a machine that is held up itself", () => {
  let upstream: Worker;
  let origin: string;
  beforeAll(async () => {
    upstream = new Worker(UPSTREAM, { eval: true });
    origin = `http://127.0.0.1:${await new Promise<number>((resolve) => upstream.once("message", resolve))}`;
  });
  afterAll(() => upstream.terminate());

  async function probeAndStandStill(
    path: string,
    timeoutMs: number,
    stillMs: number,
  ): ReturnType<typeof runProbe> {
    const asked = new Promise((resolve) => upstream.once("message", resolve));
    const probed = runProbe({ kind: "http", target: { url: `${origin}${path}` }, timeoutMs });
    await asked;
    standStill(stillMs);
    return probed;
  }

  test("an answer that came while it stood still counts, although the time is over", async () => {
    const observation = await probeAndStandStill("/answers", 200, 400);
    expect([observation.error, observation.http?.status]).toEqual([null, 200]);
  });

  test("a failure long after the time is put down to this machine, not to the target", async () => {
    const observation = await probeAndStandStill("/never", 200, 1_500);
    expect(observation.error?.code).toBe("STALLED");
  });
});
