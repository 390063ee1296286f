import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, expect, it } from "vitest";

import { FAILURE_CODES } from "#lib/model/outcome.ts";
import { readStatusPage } from "#lib/public/status-page.ts";
import { openCutOffNetwork, whyNoNamespace, type CutOffNetwork } from "#tests/support/cut-off-network.ts";
import { makeTestDirectory } from "#tests/support/data-directory.ts";
import { startFakeUpstream, type FakeUpstream } from "#tests/support/fake-upstream.ts";

import { eventually, openHouse, type House } from "../schedule/house.ts";

const impossible = whyNoNamespace();
if (impossible !== null) console.warn(`SKIPPED: blindness of a real network: ${impossible}`);

let house: House;
let network: CutOffNetwork;
let targets: FakeUpstream[] = [];
let directory: Awaited<ReturnType<typeof makeTestDirectory>>;
let output = "";

beforeAll(async () => {
  if (impossible !== null) return;
  house = await openHouse();
  network = openCutOffNetwork();
  directory = await makeTestDirectory();
  const host = network.world;
  targets = await Promise.all([1, 2, 3].map(() => startFakeUpstream({ host })));
  const canary = await startFakeUpstream({ host });
  targets.push(canary);
  for (const target of targets.slice(0, 3)) await house.watch(urlOf(target), { timeoutMs: 400 });
  await house.db.pageSettings.create({ data: { id: 1, name: "Test", canaries: [`${host}:${canary.port}`] } });
  const url = new URL(house.url);
  const way = await network.forward(Number(url.port));
  url.host = `${way.host}:${way.port}`;
  const worker = network.run("bin/worker.ts", {
    DATABASE_URL: url.href,
    GATEWATCH_DATA_DIR: directory.path,
    GATEWATCH_SAMPLE: "off",
    GATEWATCH_REGION: "eu-west",
  });
  worker.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  worker.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
}, 30_000);

afterAll(async () => {
  if (impossible !== null) return;
  await network.close();
  await Promise.all(targets.map((target) => target.close()));
  await house.close();
  await directory.remove();
});

const urlOf = (target: FakeUpstream) => `http://${network.world}:${target.port}/`;

const statuses = async (): Promise<string[]> => {
  const rows = await house.db.component.findMany({ select: { status: true }, orderBy: { slug: "asc" } });
  return rows.map(({ status }) => status);
};
const allAre = (status: string) =>
  eventually(`everything to be ${status}; the worker says: ${output}`, async () =>
    (await statuses()).every((each) => each === status),
  );

it.skipIf(impossible !== null)(
  "turns nothing red when a worker loses its network, and everything when the targets are down",
  { timeout: 60_000 },
  async () => {
    await allAre("operational");
    network.unplug();
    // for longer than a confirmation takes (600 ms), and a whole time-out
    await allAre("unknown");
    await sleep(1_500);
    expect(await statuses()).toEqual(["unknown", "unknown", "unknown"]);
    const { regions, indicator } = await readStatusPage(house.db, { now: Date.now() });
    expect(regions.silent).toMatchObject([{ region: "eu-west", blind: true }]);
    expect(indicator.level).toBe("unknown");

    network.plug();
    await allAre("operational");
    expect((await readStatusPage(house.db, { now: Date.now() })).regions.silent).toEqual([]);
    // not a single failure was stored, no episode, no red span
    expect(await house.db.result.count({ where: { outcome: { in: [...FAILURE_CODES] } } })).toBe(0);
    expect(await house.db.errorEpisode.count()).toBe(0);
    expect(await house.db.statusSpan.count({ where: { status: "major_outage" } })).toBe(0);
    const events = await house.db.outboxEvent.findMany({ orderBy: { id: "asc" } });
    expect(events.map(({ kind }) => kind)).toEqual(["region.blind", "region.sees"]);

    // and the other way round: the canary answers, so it is the targets
    await Promise.all(targets.slice(0, 3).map((target) => target.refuse()));
    await allAre("major_outage");
    expect((await readStatusPage(house.db, { now: Date.now() })).regions.silent).toEqual([]);
    expect(await house.db.errorEpisode.count()).toBe(3);
  },
);
