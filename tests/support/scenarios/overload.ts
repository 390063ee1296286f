import { startFakeUpstream } from "../fake-upstream.ts";
import { startGateway } from "../gateways/start.ts";

import { startQueueServer } from "./queue-server.ts";
import type { Scenario } from "./scenario.ts";
import { openStage } from "./stage.ts";
import { startStallingServer } from "./stalling-server.ts";

const SERVICE_MS = 20;
/** Requests in front of each look while the queue grows. */
const GROWING = [0, 0, 1, 0, 0, 1, 3, 5, 8, 11, 14];
const grow = (queue: { busy(waiting: number): Promise<void> }) => (index: number) =>
  queue.busy(GROWING[index] ?? 0);

/** Too much to do, in the ways in which it shows. */
export const OVERLOAD: readonly Scenario[] = [
  {
    name: "slower and slower, then no answer in time",
    truth: "overload",
    answer: { outcome: "response_timeout", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs: SERVICE_MS }));
      const stage = await openStage(db, { target: { url: queue.url } });
      await stage.look(GROWING.length, { before: grow(queue) });
      await stage.look(3, { before: () => queue.busy(40), everyMs: 10_000 });
      return stage;
    },
  },
  {
    name: "slower and slower, then 504 of nginx",
    truth: "overload",
    answer: { outcome: "gateway_timeout", gateway: "nginx" },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs: SERVICE_MS }));
      const nginx = await use(startGateway("nginx", { upstream: queue, answerMs: 400 }));
      const stage = await openStage(db, { target: { url: nginx.url }, timeoutMs: 1_500 });
      await stage.look(GROWING.length, { before: grow(queue) });
      await stage.look(3, { before: () => queue.busy(40) });
      return stage;
    },
  },
  {
    name: "slower and slower, then 504 of HAProxy",
    truth: "overload",
    answer: { outcome: "gateway_timeout", gateway: "HAProxy" },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs: SERVICE_MS }));
      const haproxy = await use(startGateway("haproxy", { upstream: queue, answerMs: 400 }));
      const stage = await openStage(db, { target: { url: haproxy.url }, timeoutMs: 1_500 });
      await stage.look(GROWING.length, { before: grow(queue) });
      await stage.look(3, { before: () => queue.busy(40) });
      return stage;
    },
  },
  {
    name: "a full queue sheds with 503 and Retry-After",
    truth: "overload",
    answer: { outcome: "service_unavailable" },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs: SERVICE_MS, limit: 12 }));
      const stage = await openStage(db, { target: { url: queue.url } });
      await stage.look(GROWING.length - 1, { before: grow(queue) });
      await stage.look(5, { before: () => queue.busy(30) });
      return stage;
    },
  },
  {
    name: "429 for some, then for all",
    truth: "overload",
    answer: { outcome: "client_error" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      const limited = { status: 429, headers: { "retry-after": "3" }, body: "slow down\n" };
      await stage.look(12, { atOnce: 4 });
      let turn = 0;
      upstream.behave(() => (turn++ % 2 === 0 ? { ...limited, delayMs: 10 } : { status: 200, delayMs: 250 }));
      await stage.look(6);
      upstream.behave(limited);
      await stage.look(4);
      return stage;
    },
  },
  {
    name: "the backlog is full",
    truth: "overload",
    answer: { outcome: "connect_timeout", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const server = await use(startStallingServer());
      const stage = await openStage(db, { target: { url: server.url }, timeoutMs: 450 });
      await stage.look(8, { atOnce: 2 });
      await stage.look(5, { before: (index) => server.takes(80 * (index + 1)) });
      await server.stall();
      await stage.look(3);
      return stage;
    },
  },
];
