import { startFakeUpstream, type Answer, type Behaviour } from "#tests/support/fake-upstream.ts";
import { startGateway } from "#tests/support/gateways/start.ts";
import { openNamespace } from "#tests/support/scenarios/namespace.ts";
import { announce, deploy } from "#tests/support/scenarios/planned.ts";
import { startQueueServer } from "#tests/support/scenarios/queue-server.ts";
import type { Scenario } from "#tests/support/scenarios/scenario.ts";
import { openStage, type Stage } from "#tests/support/scenarios/stage.ts";

import type { Dice } from "./dice.ts";
import { goodAnswer, livedWell, rhythm, type Past } from "./prelude.ts";

function filter(
  dice: Dice,
  name: string,
  rule: (port: number) => string,
  more: { readonly neighbour: boolean; readonly past: Past; readonly answer?: Scenario["answer"] & object },
): Scenario {
  const everyMs = rhythm(dice);
  return {
    name: `packet filter: ${name}, ${more.past} history${more.neighbour ? ", with a neighbour" : ""}`,
    truth: "firewall",
    namespace: true,
    answer: { gateway: null, kind: null, ...more.answer },
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port = 0, other = 0] = await namespace.serve("ok", "ok");
      const host = namespace.cables[0]?.theirs ?? "";
      const stage = await openStage(db, {
        target: { url: `http://${host}:${port}/` },
        timeoutMs: dice.int(250, 500),
      });
      const target = { url: `http://${host}:${other}/` };
      const neighbour = more.neighbour ? await stage.add({ component: "Search", target }) : null;
      await livedWell(stage, dice, more.past, everyMs);
      if (neighbour !== null) await stage.look(1, { everyMs: 1_000 }, neighbour);
      await namespace.filter(`add rule inet filter ${rule(port)}`);
      await stage.look(dice.int(3, 4), { everyMs });
      if (neighbour !== null) await stage.look(2, { everyMs: 100 }, neighbour);
      return stage;
    },
  };
}

function page(dice: Dice, name: string, answer: Answer): Scenario {
  const past = dice.pick<Past>("full", "quiet");
  return {
    name: `${name}, ${past} history`,
    truth: "firewall",
    answer: { outcome: "client_error" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, past, 10_000);
      upstream.behave(answer);
      await stage.look(dice.int(2, 5));
      return stage;
    },
  };
}

function regionBarred(dice: Dice, how: "reject" | "drop"): Scenario {
  return {
    name: `one region is barred: ${how}`,
    truth: "firewall",
    namespace: true,
    answer: { outcome: how === "drop" ? "connect_timeout" : "connection_refused", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port = 0] = await namespace.serve("ok");
      const [north, south] = namespace.cables;
      const url = (host = "") => ({ url: `http://${host}:${port}/` });
      const stage = await openStage(db, { target: url(north?.theirs), timeoutMs: 300, region: "north" });
      const other = await stage.add({ shares: stage.actor, region: "south", target: url(south?.theirs) });
      await livedWell(stage, dice, "full", 10_000);
      await stage.look(2, { everyMs: 1_000 }, other);
      const verb = how === "drop" ? "drop" : "reject with tcp reset";
      await namespace.filter(
        `add rule inet filter in ip saddr ${north?.ours ?? ""} meta l4proto tcp ${verb}`,
      );
      await stage.look(dice.int(3, 5));
      await stage.look(2, { everyMs: 1_000 }, other);
      await stage.openEpisode();
      return stage;
    },
  };
}

export function firewalls(dice: Dice): Scenario[] {
  const akamai = `<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access "http&#58;&#47;&#47;shop&#46;example&#47;" on this server.<P>Reference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab</BODY></HTML>`;
  const imperva = `<html><head><META NAME="robots" CONTENT="noindex,nofollow"></head><body>Request unsuccessful. Incapsula incident ID: 877000210136-45345345</body></html>`;
  return [
    filter(dice, "drop", (port) => `in tcp dport ${port} drop`, {
      neighbour: true,
      past: "full",
      answer: { outcome: "connect_timeout" },
    }),
    filter(dice, "drop everything", () => "in drop", {
      neighbour: false,
      past: "full",
      answer: { outcome: "connect_timeout" },
    }),
    filter(
      dice,
      "admin-prohibited",
      (port) => `in tcp dport ${port} reject with icmpx type admin-prohibited`,
      {
        neighbour: false,
        past: dice.pick("none", "quiet"),
        answer: { outcome: "connection_refused" },
      },
    ),
    filter(dice, "host-prohibited", (port) => `in tcp dport ${port} reject with icmp type host-prohibited`, {
      neighbour: false,
      past: "full",
      answer: { outcome: "connection_refused" },
    }),
    filter(dice, "reset to all", () => "in meta l4proto tcp reject with tcp reset", {
      neighbour: true,
      past: "full",
      answer: { outcome: "connection_refused" },
    }),
    filter(
      dice,
      "reset on data",
      (port) => `in tcp dport ${port} tcp flags & psh == psh reject with tcp reset`,
      {
        neighbour: dice.chance(0.5),
        past: "full",
        answer: { outcome: "connection_reset" },
      },
    ),
    page(dice, "Akamai's page", { status: 403, headers: { server: "AkamaiGHost" }, body: akamai }),
    page(dice, "Imperva's page", { status: 403, body: imperva }),
    page(dice, "a bare 403", { status: 403, body: "Forbidden", delayMs: dice.int(0, 30) }),
    page(dice, "451", { status: 451, body: "Not available in your country" }),
    regionBarred(dice, "drop"),
    regionBarred(dice, "reject"),
  ];
}

function planned(
  dice: Dice,
  name: string,
  behaviour: Behaviour | "refuse",
  prepare: (stage: Stage) => Promise<void>,
  past: Past = "full",
): Scenario {
  return {
    name,
    truth: "planned",
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url }, timeoutMs: 400 });
      await livedWell(stage, dice, past, 10_000);
      await prepare(stage);
      if (behaviour === "refuse") await upstream.refuse();
      else upstream.behave(behaviour);
      await stage.look(dice.int(3, 6), { everyMs: dice.pick(5_000, 10_000, 20_000) });
      return stage;
    },
  };
}

/** A new version goes out, and some seconds pass. */
const wait =
  (seconds: number) =>
  async (stage: Stage): Promise<void> => {
    await deploy(stage);
    stage.pass(seconds * 1_000);
  };

export function plans(dice: Dice): Scenario[] {
  return [
    planned(dice, "maintenance, 502", "bad-gateway", (stage) => announce(stage)),
    planned(dice, "maintenance, silence", "hang", (stage) => announce(stage, dice.int(10, 300))),
    planned(dice, "maintenance, 404, no history", "not-found", (stage) => announce(stage), "none"),
    planned(dice, "a new version, refuses for a while", "refuse", wait(dice.int(0, 90))),
    planned(dice, "a new version, 503 for a while", "service-unavailable", wait(dice.int(5, 120))),
    planned(dice, "a new version, resets for a while", "reset", wait(dice.int(0, 60))),
    planned(
      dice,
      "a maintenance page without a window",
      { status: 503, body: "<h1>Scheduled maintenance</h1>" },
      async () => {},
    ),
  ];
}

async function providerSays(stage: Stage, indicator: string): Promise<void> {
  const url = "https://status.example.test";
  const at = new Date(stage.now());
  await stage.db.component.update({ where: { id: stage.componentId }, data: { upstreamStatusUrl: url } });
  await stage.db.upstreamStatus.create({
    data: { url, name: "Example Cloud", indicator, description: "Elevated errors", since: at, checkedAt: at },
  });
}

function unclear(
  dice: Dice,
  name: string,
  behaviour: Behaviour,
  looks: number,
  past: Past,
  prepare: (stage: Stage) => Promise<void> = async () => {},
): Scenario {
  return {
    name: `${name}, ${past} history`,
    truth: "unknown",
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, past, 10_000);
      await prepare(stage);
      upstream.behave(behaviour);
      await stage.look(looks);
      return stage;
    },
  };
}

export function unknowns(dice: Dice): Scenario[] {
  return [
    unclear(dice, "500 at the first look", "server-error", 1, "none"),
    unclear(dice, "502 at the first look", "bad-gateway", 1, "none"),
    unclear(dice, "503 without a word", "service-unavailable", 1, "quiet"),
    unclear(dice, "the provider is in trouble, 502", "bad-gateway", 4, "full", (stage) =>
      providerSays(stage, "major"),
    ),
    unclear(dice, "the provider is in trouble, 500", "server-error", 4, "full", (stage) =>
      providerSays(stage, "critical"),
    ),
  ];
}

/** Two things at once; the truth is the one that the failures come from. */
export function doubles(dice: Dice): Scenario[] {
  const serviceMs = dice.int(12, 25);
  const growing = [0, 0, 1, 0, 1, 0, 4, 8, 12, 15];
  const overloadedWith = (
    name: string,
    truth: Scenario["truth"],
    prepare: (stage: Stage) => Promise<void>,
  ): Scenario => ({
    name,
    truth,
    play: async ({ db, use }) => {
      const queue = await use(startQueueServer({ serviceMs }));
      const stage = await openStage(db, { target: { url: queue.url }, timeoutMs: 450 });
      await prepare(stage);
      await stage.look(growing.length, { before: (n) => queue.busy(growing[n] ?? 0), everyMs: 60_000 });
      await stage.look(3, { before: () => queue.busy(60) });
      return stage;
    },
  });
  return [
    overloadedWith("a queue grows 40 minutes after a new version", "overload", async (stage) => {
      await deploy(stage);
      stage.pass(30 * 60_000);
    }),
    overloadedWith("a queue grows while somebody announced work", "planned", (stage) => announce(stage)),
    {
      name: "a certificate runs out while answers are slow",
      truth: "configuration",
      answer: { outcome: "tls_failure" },
      play: async ({ db, use }) => {
        const queue = await use(startQueueServer({ serviceMs }));
        const secure = await use(startFakeUpstream({ tls: "expired" }));
        const stage = await openStage(db, { target: { url: queue.url }, timeoutMs: 700 });
        await stage.look(growing.length, { before: (n) => queue.busy(growing[n] ?? 0) });
        const target = { url: `https://localhost:${secure.port}/` };
        await stage.look(3, {}, await stage.add({ shares: stage.actor, target }));
        return stage;
      },
    },
    {
      name: "a certificate for another name while the provider is in trouble",
      truth: "configuration",
      answer: { outcome: "tls_failure" },
      play: async ({ db, use }) => {
        const secure = await use(startFakeUpstream({ tls: "wrong-name" }));
        const stage = await openStage(db, { target: { url: `https://localhost:${secure.port}/` } });
        await providerSays(stage, "minor");
        await stage.look(3);
        return stage;
      },
    },
    {
      name: "a gateway is sent to a wrong port while requests were limited before",
      truth: "configuration",
      answer: { outcome: "bad_gateway", gateway: "nginx", kind: "upstream_refused" },
      play: async ({ db, use }) => {
        const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
        const nginx = await use(startGateway("nginx", { upstream }));
        const stage = await openStage(db, { target: { url: nginx.url }, timeoutMs: 1_500 });
        await livedWell(stage, dice, "full", 30_000);
        upstream.behave({ status: 429 });
        await stage.look(1, { everyMs: 30_000 });
        upstream.behave(goodAnswer(dice));
        await stage.look(8, { everyMs: 60_000 });
        await upstream.refuse();
        await stage.look(5);
        return stage;
      },
    },
  ];
}
