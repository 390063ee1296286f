import { uuidv7, shortCode } from "#lib/base/id.ts";

import { startFakeUpstream, type Behaviour } from "../fake-upstream.ts";
import { startGateway } from "../gateways/start.ts";

import type { Scenario } from "./scenario.ts";
import { openStage, type Stage } from "./stage.ts";

/** Announces work on the stage's component, from now on. */
export async function announce(stage: Stage, minutes = 60): Promise<void> {
  const from = new Date(stage.now());
  await stage.db.maintenance.create({
    data: {
      id: uuidv7(),
      code: shortCode(),
      name: "Database upgrade",
      status: "in_progress",
      scheduledFor: from,
      scheduledUntil: new Date(stage.now() + minutes * 60_000),
      startedAt: from,
      components: { create: { componentId: stage.componentId } },
    },
  });
}

/** Marks a new version of everything, now. */
export async function deploy(stage: Stage): Promise<void> {
  await stage.db.deploy.create({ data: { at: new Date(stage.now()), version: "2.0.0", source: "test" } });
}

function worked(name: string, behaviour: Behaviour, prepare: (stage: Stage) => Promise<void>): Scenario {
  return {
    name,
    truth: "planned",
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(12, { atOnce: 4 });
      await prepare(stage);
      upstream.behave(behaviour);
      await stage.look(5);
      return stage;
    },
  };
}

/** Somebody is at work. */
export const PLANNED: readonly Scenario[] = [
  worked("503 inside an announced maintenance", "service-unavailable", (stage) => announce(stage)),
  worked("resets inside an announced maintenance", "reset", (stage) => announce(stage)),
  worked(
    "a page that speaks of maintenance and asks for an hour",
    { status: 503, headers: { "retry-after": "3600" }, body: "<h1>Down for maintenance</h1>" },
    async () => {},
  ),
  {
    name: "nginx answers 502 for a minute after a new version",
    truth: "planned",
    answer: { outcome: "bad_gateway", gateway: "nginx" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const nginx = await use(startGateway("nginx", { upstream }));
      const stage = await openStage(db, { target: { url: nginx.url }, timeoutMs: 1_500 });
      await stage.look(12, { atOnce: 4 });
      await deploy(stage);
      await upstream.refuse();
      await stage.look(5);
      await upstream.accept();
      await stage.look(2);
      return stage;
    },
  },
];

/** Nothing tells why, or somebody else has to tell. */
export const UNKNOWN: readonly Scenario[] = [
  {
    name: "an internal error of the application, out of the blue",
    truth: "unknown",
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream({ behaviour: "server-error" }));
      const stage = await openStage(db, { target: { url: upstream.url } });
      await stage.look(2);
      return stage;
    },
  },
  {
    name: "the provider says that it is in trouble",
    truth: "unknown",
    answer: { outcome: "bad_gateway" },
    play: async ({ db, use }) => {
      const upstream = await use(startFakeUpstream());
      const stage = await openStage(db, { target: { url: upstream.url } });
      const url = "https://status.example.test";
      await db.component.update({ where: { id: stage.componentId }, data: { upstreamStatusUrl: url } });
      await stage.look(12, { atOnce: 4 });
      await db.upstreamStatus.create({
        data: {
          url,
          name: "Example Cloud",
          indicator: "major",
          description: "Partial System Outage",
          since: new Date(stage.now()),
          checkedAt: new Date(stage.now()),
        },
      });
      upstream.behave("bad-gateway");
      await stage.look(4);
      return stage;
    },
  },
];
