import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** A server that gets slower and in the end stands still, with its backlog full. */
export interface StallingServer {
  readonly url: string;
  /** Milliseconds until it answers from now on. */
  takes(ms: number): Promise<void>;
  /** Stops accepting: the kernel's queue is filled up, and further SYNs go without an answer. */
  stall(): Promise<void>;
  close(): Promise<void>;
}

const PROGRAM = `
  const { parentPort } = require("node:worker_threads");
  let delay = 0;
  const server = require("node:http").createServer((request, response) => {
    setTimeout(() => response.writeHead(200, { connection: "close" }).end("ok"), delay);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => parentPort.postMessage(server.address().port));
  parentPort.on("message", (ms) => {
    parentPort.postMessage("heard");
    if (ms < 0) setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    else delay = ms;
  });`;

/** Starts it in a thread of its own, which alone can stand still. */
export async function startStallingServer(): Promise<StallingServer> {
  const worker = new Worker(PROGRAM, { eval: true });
  const said = (): Promise<unknown> => new Promise((resolve) => worker.once("message", resolve));
  const port = Number(await said());
  const fillers: Socket[] = [];
  const tell = async (ms: number): Promise<void> => {
    const heard = said();
    worker.postMessage(ms, []);
    await heard;
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    takes: tell,
    stall: async () => {
      await tell(-1);
      await sleep(50); // the thread has to stand still before the first connection comes in
      for (let full = false; !full && fillers.length < 16;) {
        const socket = connect(port, "127.0.0.1").on("error", () => {});
        fillers.push(socket);
        const accepted = new Promise<false>((resolve) => socket.once("connect", () => resolve(false)));
        full = await Promise.race([accepted, sleep(200, true as const)]);
      }
    },
    close: async () => {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}
