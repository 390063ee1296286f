// The bare loop of `npm run bench:probe`, a process of its own: the same requests at the same times by
// `node:http`, a new connection each, and nothing is kept of them.
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { createSecureContext } from "node:tls";

import type { BareOrder, BareReport } from "./messages.ts";

const AT_ONCE = 64;

let done = 0;
let failed = 0;

function request(url: string, timeoutMs: number, options: object = {}): Promise<void> {
  return new Promise((resolve) => {
    const end = (ok: boolean): void => {
      if (ok) done += 1;
      else failed += 1;
      resolve();
    };
    const get = url.startsWith("https:") ? getHttps : getHttp;
    const sent = get(url, { agent: false, timeout: timeoutMs, ...options }, (response) => {
      response.resume();
      response.once("end", () => end(true));
    });
    sent.once("timeout", () => sent.destroy(new Error("timed out")));
    sent.once("error", () => end(false));
  });
}

async function paced({
  looks,
  intervalMs,
  from,
  to,
  timeoutMs,
}: Extract<BareOrder, { kind: "paced" }>): Promise<void> {
  const sorted = looks.toSorted((a, b) => a.phase - b.phase);
  const running = new Set<Promise<void>>();
  for (let round = from; round < to; round += intervalMs) {
    for (const { url, phase } of sorted) {
      const wait = round + phase - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const task: Promise<void> = request(url, timeoutMs).finally(() => running.delete(task));
      running.add(task);
    }
  }
  await Promise.all(running);
}

async function flatOut({ url, ca, ms }: Extract<BareOrder, { kind: "flat-out" }>): Promise<void> {
  // made once: reading the authorities for each handshake would be what is measured
  const secureContext = createSecureContext({ ca });
  const until = performance.now() + ms;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < until)
        await request(url, 10_000, { secureContext, servername: "localhost" });
    }),
  );
}

async function carryOut(order: BareOrder): Promise<void> {
  [done, failed] = [0, 0];
  const before = process.cpuUsage();
  await (order.kind === "paced" ? paced(order) : flatOut(order));
  const { user, system } = process.cpuUsage(before);
  process.send?.({ done, failed, cpuSeconds: (user + system) / 1e6 } satisfies BareReport);
}

process.on("message", (order: BareOrder) => void carryOut(order));
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
