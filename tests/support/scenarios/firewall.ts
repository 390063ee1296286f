import { startGateway } from "../gateways/start.ts";
import { startFakeUpstream } from "../fake-upstream.ts";

import { openNamespace } from "./namespace.ts";
import type { Scenario } from "./scenario.ts";
import { openStage } from "./stage.ts";

/** A packet filter that is switched on in front of a server that works. */
function filtered(name: string, rule: (port: number) => string, answer: Scenario["answer"] = {}): Scenario {
  return {
    name,
    truth: "firewall",
    namespace: true,
    answer,
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port = 0, other] = await namespace.serve("ok", "ok");
      const host = namespace.cables[0]?.theirs ?? "";
      const stage = await openStage(db, { target: { url: `http://${host}:${port}/` }, timeoutMs: 300 });
      const neighbour = await stage.add({ component: "Search", target: { url: `http://${host}:${other}/` } });
      await stage.look(12, { atOnce: 4 });
      await stage.look(1, { everyMs: 1_000 }, neighbour);
      await namespace.filter(`add rule inet filter ${rule(port)}`);
      await Promise.all([stage.look(3), stage.look(2, { everyMs: 1_000 }, neighbour)]);
      return stage;
    },
  };
}

/** Somebody keeps requests out. */
export const FIREWALL: readonly Scenario[] = [
  filtered("a packet filter drops", (port) => `in tcp dport ${port} drop`, { outcome: "connect_timeout" }),
  filtered(
    "a packet filter rejects as administratively prohibited",
    (port) => `in tcp dport ${port} reject with icmpx type admin-prohibited`,
    { outcome: "connection_refused" },
  ),
  filtered(
    "a packet filter refuses all ports with a reset",
    () => "in meta l4proto tcp reject with tcp reset",
    {
      outcome: "connection_refused",
    },
  ),
  filtered(
    "a packet filter resets connections once they carry a request",
    (port) => `in tcp dport ${port} tcp flags & psh == psh reject with tcp reset`,
    { outcome: "connection_reset" },
  ),
  {
    name: "nginx forbids by an access rule",
    truth: "firewall",
    answer: { outcome: "client_error" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const open = await use(startGateway("nginx", { upstream }));
      const barred = await use(startGateway("nginx", { upstream, extra: "deny all;" }));
      const stage = await openStage(db, { target: { url: open.url } });
      await stage.look(12, { atOnce: 4 });
      const reloaded = await stage.add({ shares: stage.actor, target: { url: barred.url } });
      await stage.look(4, {}, reloaded);
      return stage;
    },
  },
  {
    name: "the page of an access rule",
    truth: "firewall",
    answer: { outcome: "client_error" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(8, { atOnce: 4 });
      // what Cloudflare shows, in short: its own page is 4 KB
      const body =
        '<title>Access denied</title><span class="cf-error-code">1020</span><h2>What happened?</h2>';
      upstream.behave({ status: 403, headers: { server: "cloudflare", "cf-ray": "8a1b2c3d4e5f-FRA" }, body });
      await stage.look(3);
      return stage;
    },
  },
  {
    name: "one region of two is dropped",
    truth: "firewall",
    namespace: true,
    answer: { outcome: "connect_timeout" },
    play: async ({ db, use }) => {
      const namespace = await use(openNamespace());
      const [port = 0] = await namespace.serve("ok");
      const [north, south] = namespace.cables;
      const stage = await openStage(db, {
        target: { url: `http://${north?.theirs ?? ""}:${port}/` },
        timeoutMs: 300,
        region: "north",
      });
      const other = await stage.add({
        shares: stage.actor,
        region: "south",
        target: { url: `http://${south?.theirs ?? ""}:${port}/` },
      });
      await stage.look(12, { atOnce: 4 });
      await stage.look(2, { everyMs: 1_000 }, other);
      await namespace.filter(`add rule inet filter in ip saddr ${north?.ours ?? ""} tcp dport ${port} drop`);
      await stage.look(3);
      await stage.look(2, { everyMs: 1_000 }, other);
      await stage.openEpisode();
      return stage;
    },
  },
];
