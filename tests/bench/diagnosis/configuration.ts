import { startFakeUpstream, type BehaviourName, type FakeCertificate } from "#tests/support/fake-upstream.ts";
import { startNameless } from "#tests/support/gateways/nameless.ts";
import { startGateway, type GatewayName } from "#tests/support/gateways/start.ts";
import { deploy } from "#tests/support/scenarios/planned.ts";
import type { Scenario } from "#tests/support/scenarios/scenario.ts";
import { openStage } from "#tests/support/scenarios/stage.ts";

import type { Dice } from "./dice.ts";
import { GATEWAY_NAMES } from "./overload.ts";
import { goodAnswer, livedWell, rhythm, type Past } from "./prelude.ts";

function wrongPort(gateway: GatewayName, dice: Dice): Scenario {
  const everyMs = rhythm(dice);
  const past = dice.pick<Past>("full", "full", "quiet");
  const is503 = gateway === "haproxy" || gateway === "apache";
  return {
    name: `${gateway} is sent to a wrong port, ${past} history, every ${everyMs} ms`,
    truth: "configuration",
    answer: {
      outcome: is503 ? "service_unavailable" : "bad_gateway",
      gateway: GATEWAY_NAMES[gateway] ?? null,
      kind: "upstream_refused",
    },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const front = await use(startGateway(gateway, { upstream }));
      const stage = await openStage(db, { target: { url: front.url }, timeoutMs: 5_000 });
      await livedWell(stage, dice, past, everyMs);
      await upstream.refuse();
      await stage.look(gateway === "haproxy" ? 3 : dice.int(3, 6), { everyMs });
      return stage;
    },
  };
}

function wrongName(gateway: "nginx" | "apache" | "caddy", dice: Dice): Scenario {
  return {
    name: `${gateway} looks for a name that does not exist`,
    truth: "configuration",
    answer: {
      outcome: gateway === "apache" ? undefined : "bad_gateway",
      gateway: GATEWAY_NAMES[gateway] ?? null,
      kind: "upstream_name_not_found",
    } as Scenario["answer"] & object,
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const nameless = await use(startNameless());
      const well = await use(startGateway(gateway, { upstream }));
      const lost = await use(
        startGateway(gateway, { upstream: { host: "shop.invalid", port: 80 }, resolverPort: nameless.port }),
      );
      const stage = await openStage(db, { target: { url: well.url }, timeoutMs: 5_000 });
      await livedWell(stage, dice, "full", 10_000);
      const reloaded = await stage.add({ shares: stage.actor, target: { url: lost.url } });
      await stage.look(dice.int(3, 5), {}, reloaded);
      return stage;
    },
  };
}

function wrongTls(gateway: "nginx" | "haproxy", dice: Dice): Scenario {
  return {
    name: `${gateway} speaks TLS to a server that does not`,
    truth: "configuration",
    answer: {
      outcome: gateway === "haproxy" ? "service_unavailable" : "bad_gateway",
      gateway: GATEWAY_NAMES[gateway] ?? null,
      kind: "upstream_tls_failure",
    },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const well = await use(startGateway(gateway, { upstream }));
      const broken = await use(startGateway(gateway, { upstream, upstreamTls: true }));
      const stage = await openStage(db, { target: { url: well.url }, timeoutMs: 5_000 });
      await livedWell(stage, dice, "full", 10_000);
      const reloaded = await stage.add({ shares: stage.actor, target: { url: broken.url } });
      await stage.look(3, {}, reloaded);
      return stage;
    },
  };
}

function certificate(tls: FakeCertificate, past: Past, dice: Dice): Scenario {
  return {
    name: `${tls} certificate, ${past} history`,
    truth: "configuration",
    answer: { outcome: "tls_failure", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const secure = await use(startFakeUpstream({ tls }));
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, past, 10_000);
      const target = { url: `https://localhost:${secure.port}/` };
      const replaced = await stage.add({ shares: stage.actor, target });
      await stage.look(dice.int(1, 4), {}, replaced);
      return stage;
    },
  };
}

/** `through`: a gateway in between, with what it makes of it. */
function answers(
  behaviour: BehaviourName,
  dice: Dice,
  answer: Scenario["answer"] & object,
  through?: GatewayName,
): Scenario {
  const past = dice.pick<Past>("full", "full", "quiet");
  return {
    name: `${behaviour}${through === undefined ? "" : ` behind ${through}`}, ${past} history`,
    truth: "configuration",
    answer: { ...answer, gateway: through === undefined ? null : (GATEWAY_NAMES[through] ?? null) },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const url = through === undefined ? upstream.url : (await use(startGateway(through, { upstream }))).url;
      const stage = await openStage(db, { target: { url }, timeoutMs: 2_000 });
      await livedWell(stage, dice, past, 10_000);
      upstream.behave(behaviour);
      await stage.look(dice.int(3, 6));
      return stage;
    },
  };
}

function status(code: number, dice: Dice): Scenario {
  const past = dice.pick<Past>("full", "quiet");
  const marked = dice.chance(0.5);
  return {
    name: `${code}${marked ? " since a new version" : ""}, ${past} history`,
    truth: "configuration",
    answer: { outcome: "client_error", gateway: null, kind: null },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, past, 10_000);
      if (marked) await deploy(stage);
      upstream.behave({ status: code, body: "{}", delayMs: dice.int(0, 40) });
      await stage.look(dice.int(3, 6));
      return stage;
    },
  };
}

function brokenVersion(dice: Dice): Scenario {
  const minutes = dice.int(20, 50);
  return {
    name: `a new version that answers 500 for ${minutes} minutes`,
    truth: "configuration",
    answer: { outcome: "server_error", kind: null },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: goodAnswer(dice) }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await livedWell(stage, dice, "full", 60_000);
      await deploy(stage);
      upstream.behave("server-error");
      await stage.look(10, { everyMs: minutes * 6_000 });
      return stage;
    },
  };
}

export function configurations(dice: Dice): Scenario[] {
  return [
    ...(["nginx", "haproxy", "apache", "caddy"] as const).map((gateway) => wrongPort(gateway, dice)),
    wrongName("nginx", dice),
    wrongName("apache", dice),
    wrongName("caddy", dice),
    wrongTls("nginx", dice),
    wrongTls("haproxy", dice),
    certificate("expired", "none", dice),
    certificate("wrong-name", "quiet", dice),
    certificate("self-signed", "none", dice),
    answers("redirect-loop", dice, { outcome: "unexpected_status", kind: null }),
    answers("redirect-chain", dice, { outcome: "unexpected_status", kind: null }),
    answers("huge-header", dice, { outcome: "invalid_response", kind: null }),
    answers("huge-header", dice, { outcome: "bad_gateway", kind: "upstream_header_too_big" }, "haproxy"),
    answers("garbage", dice, { outcome: "bad_gateway", kind: "upstream_invalid_response" }, "caddy"),
    answers("garbage", dice, { outcome: "bad_gateway", kind: "upstream_invalid_response" }, "haproxy"),
    status(404, dice),
    status(401, dice),
    status(421, dice),
    brokenVersion(dice),
  ];
}
