import { startFakeUpstream } from "../fake-upstream.ts";

import { startNameServer } from "./name-server.ts";
import { openNamespace } from "./namespace.ts";
import type { Scenario } from "./scenario.ts";
import { openStage } from "./stage.ts";

/** The way there is disturbed. */
export const NETWORK: readonly Scenario[] = [
  {
    name: "connections are reset now and then",
    truth: "network",
    answer: { outcome: "connection_reset", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(12, { atOnce: 4 });
      let turn = 0;
      upstream.behave(() => (turn++ % 5 < 3 ? "reset" : "ok"));
      await stage.look(12);
      return stage;
    },
  },
  {
    name: "some are reset, some hang, some are cut off",
    truth: "network",
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url }, timeoutMs: 300 });
      await stage.look(12, { atOnce: 4 });
      let turn = 0;
      upstream.behave(() => (["reset", "hang", "ok", "truncated-body", "hang"] as const)[turn++ % 5] ?? "ok");
      await stage.look(8);
      return stage;
    },
  },
  {
    name: "name servers answer SERVFAIL",
    truth: "network",
    namespace: true,
    answer: { outcome: "dns_failure", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [ours, theirs] = [namespace.cables[0]?.ours ?? "", namespace.cables[0]?.theirs ?? ""];
      await use(startNameServer(ours));
      await namespace.resolveAt(ours);
      const [port] = await namespace.serve("ok");
      const upright = { url: `http://${theirs}:${port}/` };
      const target = { url: `http://shop.example.test:${port}/` };
      let broken = false;
      const stage = await openStage(db, {
        target: upright,
        timeoutMs: 3_000,
        probe: () => namespace.probe({ kind: "http", target: broken ? target : upright, timeoutMs: 3_000 }),
      });
      await stage.look(2, { atOnce: 2 });
      broken = true;
      await stage.look(1);
      return stage;
    },
  },
  {
    name: "packets get lost on the way",
    truth: "network",
    namespace: true,
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port] = await namespace.serve("ok");
      const url = `http://${namespace.cables[0]?.theirs ?? ""}:${port}/`;
      const stage = await openStage(db, { target: { url }, timeoutMs: 400 });
      await stage.look(12, { atOnce: 4 });
      // a random part of the packets, as a bad cable would; netem is not in every kernel
      await namespace.filter("add rule inet filter in numgen random mod 100 < 45 drop");
      await stage.look(24, { atOnce: 6 });
      return stage;
    },
  },
  {
    name: "connections are half open: packets of some are lost once they stand",
    truth: "network",
    namespace: true,
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port] = await namespace.serve("ok");
      const url = `http://${namespace.cables[0]?.theirs ?? ""}:${port}/`;
      const stage = await openStage(db, { target: { url }, timeoutMs: 350 });
      await stage.look(12, { atOnce: 4 });
      // by the connection, so that one is lost for good or not at all: standing, or in the making
      const some = "jhash tcp sport mod 10 seed 0x5eed";
      await namespace.filter(
        `add rule inet filter in tcp flags & (syn|ack) == ack ${some} < 4 drop`,
        `add rule inet filter in tcp flags & (syn|ack) == syn ${some} 4-5 drop`,
      );
      await stage.look(24, { atOnce: 4 });
      return stage;
    },
  },
  {
    name: "one region loses its way, and much fails there together",
    truth: "network",
    namespace: true,
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port, other] = await namespace.serve("ok", "ok");
      const [near, far] = namespace.cables.map(({ theirs }) => theirs);
      const elsewhere = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: `http://${near}:${port}/` }, timeoutMs: 300 });
      const others = await Promise.all(
        [far, far].map((host, n) =>
          stage.add({
            component: `Other ${n}`,
            target: { url: `http://${host}:${n === 0 ? port : other}/` },
            timeoutMs: 300,
          }),
        ),
      );
      const well = await stage.add({ component: "Local", target: { url: elsewhere.url } });
      await stage.look(12, { atOnce: 4 });
      for (const each of [...others, well]) await stage.look(1, { everyMs: 1_000 }, each);
      await namespace.filter("add rule inet filter in tcp flags syn drop");
      await Promise.all([stage.look(2), ...others.map((each) => stage.look(2, { everyMs: 1_000 }, each))]);
      return stage;
    },
  },
];
