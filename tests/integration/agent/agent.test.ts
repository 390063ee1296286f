import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeAgentQueue } from "#lib/agent/serve-queue.ts";
import { createApiKey, type ApiScope } from "#lib/auth/api-key.ts";
import { diagnoseEpisodes } from "#lib/diagnose/diagnose-episodes.ts";
import { outcomeCode } from "#lib/model/outcome.ts";
import { readWorkerHealth } from "#lib/store/workers.ts";
import { database } from "#lib/store/client.ts";
import { AUTHORITY_FILE, startAgentServer, type AgentServer } from "#tests/support/agent-server.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { runProgram, type RunningProgram } from "#tests/support/run-program.ts";

import { eventually, openHouse, type House, type Watched } from "../schedule/house.ts";

let house: House;
let server: AgentServer;
let target: FakeUpstream;
let foreign: FakeUpstream;
let own: Watched;
let others: Watched;
let before: string | undefined;
let directory: Awaited<ReturnType<typeof makeTestDirectory>>;
const agents: RunningProgram[] = [];

beforeAll(async () => {
  house = await openHouse();
  before = process.env["DATABASE_URL"];
  // the routes take the process's own database
  process.env["DATABASE_URL"] = house.url;
  [server, target, foreign, directory] = await Promise.all([
    startAgentServer(),
    startFakeUpstream(),
    startFakeUpstream(),
    makeTestDirectory(),
  ]);
  own = await house.watch(target.url, { timeoutMs: 500 });
  others = await house.watch(foreign.url);
  await house.db.check.update({ where: { id: others.checkId }, data: { regions: ["elsewhere"] } });
});

afterAll(async () => {
  for (const { child } of agents) child.kill("SIGKILL");
  await Promise.all(agents.map(({ ended }) => ended));
  await server.close();
  await closeAgentQueue();
  await database().$disconnect();
  if (before === undefined) delete process.env["DATABASE_URL"];
  else process.env["DATABASE_URL"] = before;
  await Promise.all([target.close(), foreign.close(), directory.remove()]);
  await house.close();
});

async function makeKey(
  region: string | null,
  scope: ApiScope = "agent",
): Promise<{ id: string; key: string }> {
  const input = { name: "test", scopes: [scope], region, expiresAt: null };
  const { row, key } = await createApiKey(house.db, input, "test");
  return { id: row.id, key };
}

function startAgent(token: string): RunningProgram {
  const agent = runProgram("bin/agent.ts", {
    env: {
      GATEWATCH_SERVER: server.url,
      GATEWATCH_AGENT_TOKEN: token,
      GATEWATCH_DATA_DIR: directory.path,
      NODE_EXTRA_CA_CERTS: AUTHORITY_FILE,
    },
  });
  agents.push(agent);
  return agent;
}

const looks = (where: { after?: number; before?: number } = {}) =>
  house.db.result.count({
    where: {
      checkNumber: own.number,
      slotAt: {
        ...(where.after === undefined ? {} : { gt: new Date(where.after) }),
        ...(where.before === undefined ? {} : { lt: new Date(where.before) }),
      },
    },
  });

async function componentStatus(): Promise<string> {
  return (await house.db.component.findUniqueOrThrow({ where: { id: own.componentId } })).status;
}

it(
  "works for its region alone, keeps what it saw while the server was away, and ends with its key",
  { timeout: 90_000 },
  async () => {
    const { id: keyId, key } = await makeKey("far");
    const agent = startAgent(key);
    await eventually(`first looks; it says: ${agent.stderr()}`, async () => (await looks()) > 2);
    await eventually("the component to be known", async () => (await componentStatus()) === "operational");
    const { workers } = await readWorkerHealth(house.db);
    expect(workers.map(({ region }) => region)).toEqual(["far"]);
    expect(foreign.requests()).toBe(0);

    // away, and the target fails meanwhile: it is looked at, confirmed and kept
    await server.leave();
    const awayAt = Date.now();
    await sleep(500);
    await target.refuse();
    await sleep(2_200);
    await server.comeBack();
    const backAt = Date.now();
    await eventually(
      "what was kept",
      async () => (await looks({ after: awayAt + 500, before: backAt })) >= 3,
    );
    await eventually("the outage", async () => (await componentStatus()) === "major_outage");
    const episode = await house.db.errorEpisode.findFirstOrThrow();
    expect(episode.startedAt.getTime()).toBeLessThan(backAt);
    expect(episode).toMatchObject({ regions: ["far"], outcome: outcomeCode("connection_refused") });
    // an agent tells no causes: a worker's chore comes by
    expect(episode.cause).toBeNull();
    await diagnoseEpisodes(house.db, new Date(), "due");
    const told = await house.db.errorEpisode.findFirstOrThrow();
    expect(told.cause).toMatchObject({
      kind: expect.any(String),
      evidence: expect.arrayContaining([expect.objectContaining({ rule: "refuses" })]),
    });

    // away again, and the agent is killed: what was on disk is handed in by the next one
    await target.accept();
    await eventually("recovery", async () => (await componentStatus()) === "operational");
    await server.leave();
    const goneAt = Date.now();
    await sleep(1_700);
    agent.child.kill("SIGKILL");
    await agent.ended;
    const killedAt = Date.now();
    await server.comeBack();
    const next = startAgent(key);
    await eventually(
      "looks of the killed one",
      async () => (await looks({ after: goneAt + 500, before: killedAt })) >= 1,
    );
    // counted once, however often it was handed in
    const rollup = await house.db.rollupDay.aggregate({
      where: { checkNumber: own.number },
      _sum: { total: true },
    });
    expect(rollup._sum.total).toBeGreaterThan(0);
    expect(await house.db.errorEpisode.count()).toBe(1);

    // a key that is revoked opens nothing any more, and looking for nobody ends
    await house.db.apiKey.update({ where: { id: keyId }, data: { revokedAt: new Date() } });
    next.child.kill("SIGTERM");
    expect(await next.ended).toBe(0);
    const refused = startAgent(key);
    expect(await refused.ended).toBe(1);
    expect(refused.stderr()).toContain("API key");
  },
);

const look = (rest: object = {}) => ({
  type: "look",
  checkNumber: own.number,
  slotAt: Date.now() - 3_600_000 + Math.floor(Math.random() * 1_000_000),
  outcome: "up",
  httpStatus: 200,
  timings: { dns: null, connect: 1, tls: null, firstByte: 1, total: 2 },
  evidence: null,
  ...rest,
});

async function send(path: string, token: string, body: unknown) {
  const response = await fetch(`${server.plainUrl}/api/v1/agent/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("what an agent may say", () => {
  it("is of its own region, of our days, and counted once", async () => {
    const { key } = await makeKey("near");
    const one = look();
    const records = [
      one,
      look({ checkNumber: others.number }),
      look({ checkNumber: 99_999 }),
      look({ slotAt: Date.now() + 3_600_000 }),
      look({ slotAt: Date.now() - 30 * 86_400_000 }),
    ];
    expect((await send("results", key, { records })).body).toEqual({ stored: 1, ignored: 4 });
    expect((await send("results", key, { records: [one] })).body).toEqual({ stored: 0, ignored: 0 });
    // nor can it change what another region believes
    const state = () =>
      house.db.checkState.findMany({ where: { checkNumber: own.number, region: { name: "far" } } });
    const untouched = await state();
    const change = {
      type: "change",
      checkNumber: own.number,
      from: { outcome: "up", since: 0, lastSlotAt: null },
      to: "bad_gateway",
      at: Date.now(),
    };
    await send("results", key, { records: [change] });
    expect(await state()).toEqual(untouched);
  });

  it("is that its region is blind, and sees again", async () => {
    const { key } = await makeKey("dark");
    const agent = {
      id: "0193a0e0-0000-7000-8000-000000000000",
      hostname: "test",
      pid: 1,
      version: "0.0.0",
      startedAt: Date.now(),
    };
    const region = () => house.db.region.findUniqueOrThrow({ where: { name: "dark" } });
    const since = Date.now() - 5_000;
    const blind = { since, reason: "nothing outside answers" };
    expect((await send("slots", key, { agent, blind })).body).toMatchObject({ region: "dark", jobs: [] });
    expect(await region()).toMatchObject({ blindSince: new Date(since), blindReason: blind.reason });
    // what it says of itself has no say in whose sign of life it is
    await send("slots", key, { agent });
    expect((await region()).blindSince).not.toBeNull();
    await send("slots", key, { agent, blind: null });
    expect((await region()).blindSince).toBeNull();
    const { id } = await house.db.workerSighting.findFirstOrThrow({ where: { region: { name: "dark" } } });
    expect(id).not.toBe(agent.id);
  });

  it("is nothing without the right key", async () => {
    const [agentless, homeless] = await Promise.all([makeKey("near", "deploys"), makeKey(null)]);
    for (const path of ["slots", "results"]) {
      expect((await send(path, `gw_${"x".repeat(43)}`, {})).status).toBe(401);
      expect((await send(path, agentless.key, {})).status).toBe(403);
      expect((await send(path, homeless.key, {})).status).toBe(403);
    }
  });

  it("is of the shape and size that was agreed", async () => {
    const { key } = await makeKey("near");
    const hostile: unknown[] = [
      "not json",
      {},
      { records: [] },
      { records: [look()], region: "far" },
      { records: [look({ regionId: 1 })] },
      { records: [look({ outcome: "fine" })] },
      { records: [look({ checkNumber: -1 })] },
      { records: [look({ slotAt: 1e300 })] },
      { records: [look({ timings: { total: -1 } })] },
      { records: [look({ evidence: { bodyStart: "x".repeat(100_000) } })] },
      { records: Array.from({ length: 201 }, () => look()) },
      "x".repeat(5 * 1024 * 1024),
    ];
    const answers = await Promise.all(hostile.map((body) => send("results", key, body)));
    expect(answers.map(({ status }) => status)).toEqual(hostile.map(() => 400));
    for (const body of [{}, { agent: { id: "me" } }, "[", { take: 1e9 }]) {
      expect((await send("slots", key, body)).status).toBe(400);
    }
  });
});
