import { startFakeUpstream, type Answer, type BehaviourName } from "#tests/support/fake-upstream.ts";
import { startGateway } from "#tests/support/gateways/start.ts";
import { startNameServer } from "#tests/support/scenarios/name-server.ts";
import { openNamespace } from "#tests/support/scenarios/namespace.ts";
import type { Scenario } from "#tests/support/scenarios/scenario.ts";
import { openStage } from "#tests/support/scenarios/stage.ts";

import type { Dice } from "./dice.ts";
import { goodAnswer, livedWell, rhythm, type Past } from "./prelude.ts";

function breaks(dice: Dice, through: boolean): Scenario {
  const [rate, everyMs] = [dice.int(45, 75) / 100, rhythm(dice)];
  const past = dice.pick<Past>("full", "full", "quiet");
  return {
    name: `${rate * 100} % of connections are reset${through ? " behind nginx" : ""}, ${past} history`,
    truth: "network",
    answer: through
      ? { outcome: "bad_gateway", gateway: "nginx", kind: "upstream_reset" }
      : { outcome: "connection_reset", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const good = goodAnswer(dice);
      const upstream = await use(startFakeUpstream({ behaviour: good }));
      const url = through ? (await use(startGateway("nginx", { upstream }))).url : upstream.url;
      const stage = await openStage(db, { target: { url }, timeoutMs: 1_000 });
      await livedWell(stage, dice, past, everyMs);
      upstream.behave(() => (dice.chance(rate) ? "reset" : good));
      await stage.look(16, { everyMs });
      return stage;
    },
  };
}

function mixture(dice: Dice): Scenario {
  const everyMs = rhythm(dice);
  const past = dice.pick<Past>("full", "quiet", "none");
  return {
    name: `resets, silence and half answers among good ones, ${past} history`,
    truth: "network",
    play: async ({ db, use }) => {
      const good = goodAnswer(dice);
      const upstream = await use(startFakeUpstream({ behaviour: good }));
      const stage = await openStage(db, { target: { url: upstream.url }, timeoutMs: dice.int(250, 400) });
      await livedWell(stage, dice, past, everyMs);
      upstream.behave(() => dice.pick<BehaviourName | Answer>("reset", "hang", "truncated-body", good));
      await stage.look(14, { everyMs });
      return stage;
    },
  };
}

function loses(dice: Dice): Scenario {
  const [part, everyMs] = [dice.int(50, 65), rhythm(dice)];
  return {
    name: `${part} % of all packets get lost`,
    truth: "network",
    namespace: true,
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port] = await namespace.serve("ok");
      const url = `http://${namespace.cables[0]?.theirs ?? ""}:${port}/`;
      const stage = await openStage(db, { target: { url }, timeoutMs: dice.int(300, 600) });
      await livedWell(stage, dice, dice.pick("full", "quiet"), everyMs);
      await namespace.filter(
        `add rule inet filter ${dice.pick("in", "out")} numgen random mod 100 < ${part} drop`,
      );
      await stage.look(30, { everyMs, atOnce: 6 });
      return stage;
    },
  };
}

function nameServers(dice: Dice, rcode: "SERVFAIL" | "silent" | "REFUSED"): Scenario {
  const looks = dice.int(1, 2);
  return {
    name: `name servers: ${rcode}, ${looks} looks`,
    truth: "network",
    namespace: true,
    answer: { outcome: "dns_failure", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const { ours = "", theirs = "" } = namespace.cables[0] ?? {};
      const names = await use(startNameServer(ours));
      await namespace.resolveAt(ours);
      const [port] = await namespace.serve("ok");
      const check = { kind: "http", target: { url: `http://shop.example.test:${port}/` }, timeoutMs: 4_000 };
      const stage = await openStage(db, { ...check, probe: () => namespace.probe(check) });
      names.say({ address: theirs });
      if (dice.chance(0.5)) await stage.look(2, { atOnce: 2 });
      names.say(rcode);
      await stage.look(looks);
      return stage;
    },
  };
}

function gone(dice: Dice): Scenario {
  return {
    name: "the host is gone from its network",
    truth: "network",
    namespace: true,
    answer: { outcome: "connection_refused", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port] = await namespace.serve("ok");
      const { theirs = "" } = namespace.cables[0] ?? {};
      const stage = await openStage(db, { target: { url: `http://${theirs}:${port}/` }, timeoutMs: 5_000 });
      await livedWell(stage, dice, "full", 10_000);
      // it answers ARP no more
      await namespace.filter(
        "add table arp filter",
        "add chain arp filter in { type filter hook input priority 0; }",
        "add rule arp filter in drop",
        "add rule inet filter in drop",
      );
      await namespace.forget();
      await stage.look(2);
      return stage;
    },
  };
}

export function networks(dice: Dice): Scenario[] {
  return [
    breaks(dice, false),
    breaks(dice, false),
    breaks(dice, true),
    breaks(dice, true),
    mixture(dice),
    mixture(dice),
    loses(dice),
    loses(dice),
    nameServers(dice, "SERVFAIL"),
    nameServers(dice, "silent"),
    nameServers(dice, "REFUSED"),
    gone(dice),
  ];
}
