import { seededRandom } from "#lib/sample/random.ts";

import { startFakeUpstream, type Behaviour, type FakeCertificate } from "../fake-upstream.ts";
import { startNameless } from "../gateways/nameless.ts";
import { startGateway, type GatewayName } from "../gateways/start.ts";

import type { Scenario } from "./scenario.ts";
import { openStage } from "./stage.ts";

/** Well, and from one moment on an answer that is wrong. */
function wrongAnswer(name: string, behaviour: Behaviour, answer: Scenario["answer"] = {}): Scenario {
  return {
    name,
    truth: "configuration",
    answer,
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(12, { atOnce: 4 });
      upstream.behave(behaviour);
      await stage.look(4);
      return stage;
    },
  };
}

/** A certificate that was exchanged for a bad one. */
function badCertificate(name: string, tls: FakeCertificate): Scenario {
  return {
    name,
    truth: "configuration",
    answer: { outcome: "tls_failure", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const secure = await use(startFakeUpstream({ tls }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(8, { atOnce: 4 });
      const replaced = await stage.add({
        shares: stage.actor,
        target: { url: `https://localhost:${secure.port}/` },
      });
      await stage.look(3, {}, replaced);
      return stage;
    },
  };
}

/** A gateway that is sent to a port on which nothing listens. */
function wrongPort(gateway: GatewayName, answer: Scenario["answer"] = {}): Scenario {
  return {
    name: `${gateway} is sent to a wrong port from one moment on`,
    truth: "configuration",
    answer,
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const front = await use(startGateway(gateway, { upstream }));
      const stage = await openStage(db, { target: { url: front.url }, timeoutMs: 1_500 });
      await stage.look(12, { atOnce: 4 });
      await upstream.refuse();
      await stage.look(5);
      return stage;
    },
  };
}

/** Something is set up wrongly. */
export const CONFIGURATION: readonly Scenario[] = [
  wrongPort("nginx", { outcome: "bad_gateway", gateway: "nginx" }),
  wrongPort("haproxy", { outcome: "service_unavailable", gateway: "HAProxy" }),
  badCertificate("an expired certificate", "expired"),
  badCertificate("a certificate for another name", "wrong-name"),
  badCertificate("a self-signed certificate", "self-signed"),
  wrongAnswer("redirects in a circle", "redirect-loop", { outcome: "unexpected_status" }),
  wrongAnswer("a header larger than any client takes", "huge-header", { outcome: "invalid_response" }),
  wrongAnswer("another protocol on the port", "garbage", { outcome: "invalid_response" }),
  wrongAnswer("it suddenly asks for credentials", { status: 401, headers: { "www-authenticate": "Basic" } }),
  {
    name: "nginx gets a header from behind that is too big",
    truth: "configuration",
    answer: { outcome: "bad_gateway", gateway: "nginx" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const nginx = await use(startGateway("nginx", { upstream }));
      const stage = await openStage(db, { target: { url: nginx.url }, timeoutMs: 1_500 });
      await stage.look(12, { atOnce: 4 });
      upstream.behave("huge-header");
      await stage.look(5);
      return stage;
    },
  },
  {
    name: "one of four servers behind nginx is down, and nginx goes on using it",
    truth: "configuration",
    answer: { outcome: "bad_gateway", gateway: "nginx" },
    play: async ({ db, use }) => {
      const members = await Promise.all(Array.from({ length: 4 }, () => use(startFakeUpstream())));
      const nginx = await use(
        startGateway("nginx", { upstream: members, extra: "proxy_next_upstream off;" }),
      );
      const stage = await openStage(db, { target: { url: nginx.url }, timeoutMs: 1_500 });
      await stage.look(12, { atOnce: 4 });
      await members[2]?.refuse();
      // other visitors come in between, so that it is anybody's turn when we look
      const random = seededRandom(4);
      const others = async (): Promise<void> => {
        for (let rest = Math.floor(random() * 4); rest > 0; rest--) await fetch(nginx.url);
      };
      await stage.look(150, { before: others });
      return stage;
    },
  },
  {
    name: "not found, since a new version that does not know the name",
    truth: "configuration",
    answer: { outcome: "client_error" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(12, { atOnce: 4 });
      await db.deploy.create({
        data: { at: new Date(stage.now()), componentId: stage.componentId, version: "2.0.0", source: "test" },
      });
      upstream.behave("not-found");
      await stage.look(5);
      return stage;
    },
  },
  {
    name: "Apache looks for a name that does not exist",
    truth: "configuration",
    answer: { gateway: "Apache httpd" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const nameless = await use(startNameless());
      const well = await use(startGateway("nginx", { upstream }));
      const front = await use(
        startGateway("apache", {
          upstream: { host: "nowhere.invalid", port: 80 },
          resolverPort: nameless.port,
        }),
      );
      const stage = await openStage(db, { target: { url: well.url }, timeoutMs: 1_500 });
      await stage.look(10, { atOnce: 4 });
      const moved = await stage.add({ shares: stage.actor, target: { url: front.url } });
      await stage.look(4, {}, moved);
      return stage;
    },
  },
];
