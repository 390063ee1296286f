import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
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

test("without a file descriptor left, names and addresses are not called unreachable", async () => {
  const script = fileURLToPath(new URL("../../support/probe-without-descriptors.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(
    "sh",
    [
      "-c",
      'ulimit -n 64 && exec "$0" "$@"',
      process.execPath,
      script,
      "http://127.0.0.1:9/",
      "http://localhost:9/",
    ],
    { timeout: 15_000 },
  );
  expect(JSON.parse(stdout)).toEqual(["unknown EMFILE", "unknown EMFILE"]);
});
