import { startFakeUpstream } from "#tests/support/fake-upstream.ts";
import { startGateway, type GatewayName } from "#tests/support/gateways/start.ts";
import { startQueueServer, type QueueServer } from "#tests/support/scenarios/queue-server.ts";
import type { Scenario } from "#tests/support/scenarios/scenario.ts";
import { openStage } from "#tests/support/scenarios/stage.ts";
import { startStallingServer } from "#tests/support/scenarios/stalling-server.ts";

import type { Dice } from "./dice.ts";
import { goodAnswer, livedWell, rhythm } from "./prelude.ts";

export const GATEWAY_NAMES: Readonly<Record<string, string>> = {
  nginx: "nginx",
  haproxy: "HAProxy",
  apache: "Apache httpd",
  caddy: "Caddy",
};

/** How many wait in front of each look while more comes in than goes out. */
function growth(dice: Dice, most: number): number[] {
  const calm = Array.from({ length: dice.int(5, 8) }, () => dice.int(0, 1));
  const steps = dice.int(4, 7);
  const bent = dice.chance(0.5) ? 2 : 1;
  return [...calm, ...Array.from({ length: steps }, (_, n) => Math.round(most * ((n + 1) / steps) ** bent))];
}

/** `most`: so many waiting requests that an answer is just about in time. */
async function fillUp(
  stage: Awaited<ReturnType<typeof openStage>>,
  queue: QueueServer,
  dice: Dice,
  how: { most: number; over: number; everyMs: number },
): Promise<void> {
  const growing = growth(dice, how.most);
  await stage.look(growing.length, { everyMs: how.everyMs, before: (n) => queue.busy(growing[n] ?? 0) });
  await stage.look(dice.int(3, 4), { everyMs: how.everyMs, before: () => queue.busy(how.over) });
}

function behind(gateway: GatewayName, dice: Dice): Scenario {
  const [serviceMs, answerMs, everyMs] = [
    dice.int(8, 35),
    gateway === "apache" ? 1_000 : dice.int(350, 700),
    rhythm(dice),
  ];
  const most = Math.floor((answerMs * 0.75) / serviceMs);
  return {
    name: `a queue of ${serviceMs} ms a request grows behind ${gateway}, ${answerMs} ms patience, every ${everyMs} ms`,
    truth: "overload",
    answer: {
      // Apache 2.4 answers 502 when no answer comes in time
      outcome: gateway === "apache" ? "bad_gateway" : "gateway_timeout",
      gateway: GATEWAY_NAMES[gateway] ?? null,
      kind: "upstream_response_timeout",
    },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs }));
      const front = await use(startGateway(gateway, { upstream: queue, answerMs }));
      const stage = await openStage(db, { target: { url: front.url }, timeoutMs: 3_000 });
      await fillUp(stage, queue, dice, { most, over: most * 3 + 5, everyMs });
      return stage;
    },
  };
}

function direct(dice: Dice): Scenario {
  const [serviceMs, timeoutMs, everyMs] = [dice.int(8, 35), dice.int(350, 700), rhythm(dice)];
  const most = Math.floor((timeoutMs * 0.75) / serviceMs);
  return {
    name: `a queue of ${serviceMs} ms a request grows, time-out ${timeoutMs} ms, every ${everyMs} ms`,
    truth: "overload",
    answer: { outcome: "response_timeout", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs }));
      const stage = await openStage(db, { target: { url: queue.url }, timeoutMs });
      await fillUp(stage, queue, dice, { most, over: most * 3 + 5, everyMs });
      return stage;
    },
  };
}

function shedding(dice: Dice): Scenario {
  const [serviceMs, limit, everyMs] = [dice.int(10, 30), dice.int(8, 16), rhythm(dice)];
  const status = dice.pick(503, 503, 429);
  const headers: Record<string, string> =
    status === 503 || dice.chance(0.5) ? { "retry-after": String(dice.int(1, 60)) } : {};
  const through = dice.chance(0.5);
  return {
    name: `a queue of ${limit} sheds with ${status} ${JSON.stringify(headers)}${through ? " through nginx" : ""}`,
    truth: "overload",
    answer: { outcome: status === 503 ? "service_unavailable" : "client_error", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const shed = { status, headers, body: dice.pick("busy\n", '{"error":"busy"}', "") };
      const queue = await use(startQueueServer({ serviceMs, limit, shed }));
      const url = through ? (await use(startGateway("nginx", { upstream: queue }))).url : queue.url;
      const stage = await openStage(db, { target: { url }, timeoutMs: 1_500 });
      await fillUp(stage, queue, dice, { most: limit - 2, over: limit + 10, everyMs });
      return stage;
    },
  };
}

function sheddingUnseen(dice: Dice): Scenario {
  const seconds = dice.int(1, 120);
  const past = dice.pick("quiet", "none");
  return {
    name: `503 with Retry-After: ${seconds}, ${past} history`,
    truth: "overload",
    answer: { outcome: "service_unavailable", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, past, 10_000);
      upstream.behave({ status: 503, headers: { "retry-after": String(seconds) }, body: "{}" });
      await stage.look(dice.int(3, 5));
      return stage;
    },
  };
}

function says(words: string, status: number, dice: Dice): Scenario {
  return {
    name: `${status}: “${words}”`,
    truth: "overload",
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, "full", 10_000);
      upstream.behave({ status, body: words, delayMs: dice.int(0, 60) });
      await stage.look(dice.int(3, 5));
      return stage;
    },
  };
}

function stalls(dice: Dice): Scenario {
  const step = dice.int(40, 90);
  return {
    name: `slower by ${step} ms each time until the backlog is full`,
    truth: "overload",
    answer: { outcome: "connect_timeout", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const server = await use(startStallingServer());
      const stage = await openStage(db, { target: { url: server.url }, timeoutMs: 550 });
      await stage.look(dice.int(6, 9), { atOnce: 2 });
      await stage.look(5, { before: (n) => server.takes(step * (n + 1)) });
      await server.stall();
      await stage.look(3);
      return stage;
    },
  };
}

function halfDone(dice: Dice): Scenario {
  const serviceMs = dice.int(15, 30);
  const some = Math.floor(350 / serviceMs);
  return {
    name: "a queue that is sometimes too long and sometimes just not",
    truth: "overload",
    answer: { outcome: "gateway_timeout", gateway: "nginx", kind: "upstream_response_timeout" },
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs }));
      const nginx = await use(startGateway("nginx", { upstream: queue, answerMs: 450 }));
      const stage = await openStage(db, { target: { url: nginx.url }, timeoutMs: 1_500 });
      await stage.look(9, { before: (n) => queue.busy(n > 6 ? some : 0) });
      let turn = 0;
      await stage.look(6, { before: () => queue.busy(turn++ % 4 === 3 ? some : 60) });
      return stage;
    },
  };
}

export function overloads(dice: Dice): Scenario[] {
  return [
    ...(["nginx", "haproxy", "apache", "caddy"] as const).map((gateway) => behind(gateway, dice)),
    direct(dice),
    direct(dice),
    shedding(dice),
    shedding(dice),
    shedding(dice),
    sheddingUnseen(dice),
    sheddingUnseen(dice),
    says("upstream connect error or disconnect/reset before headers. reset reason: overflow", 503, dice),
    says("<h1>HTTP/1.1 Server Too Busy</h1>", 503, dice),
    stalls(dice),
    halfDone(dice),
  ];
}
