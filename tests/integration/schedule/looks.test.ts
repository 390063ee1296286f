import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, it } from "vitest";

import { outcomeCode } from "#lib/model/outcome.ts";
import { startFakeUpstream } from "#tests/support/fake-upstream.ts";

import { eventually, openScene, type Scene } from "./house.ts";

let scene: Scene;

beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

it("changes nothing for a single blip, and keeps its looks", { timeout: 60_000 }, async () => {
  await scene.house.worker();
  await eventually("the component to be up", async () => (await scene.status()) === "operational");
  const spans = await scene.house.db.statusSpan.count();
  let failed = 0;
  scene.upstream.behave(() => ((failed += 1) === 1 ? "bad-gateway" : "ok"));
  await eventually("the confirming look", async () => failed > 1);
  const failure = await eventually("the failure to be stored", () =>
    scene.house.db.result.findFirst({
      where: { checkNumber: scene.watched.number, outcome: outcomeCode("bad_gateway") },
    }),
  );
  await eventually(
    "looks after it",
    async () =>
      (await scene.house.db.result.count({
        where: { checkNumber: scene.watched.number, slotAt: { gt: failure.slotAt } },
      })) >= 3,
  );
  expect(await scene.house.db.evidence.count({ where: { checkNumber: scene.watched.number } })).toBe(1);
  expect(await scene.status()).toBe("operational");
  expect(await scene.house.db.statusSpan.count()).toBe(spans);
  expect(await scene.house.db.errorEpisode.count()).toBe(0);
});

it("lets a target that hangs hold up nobody but itself", { timeout: 60_000 }, async () => {
  const hanging = await startFakeUpstream({ behaviour: "hang" });
  const stuck = await scene.house.watch(hanging.url, { timeoutMs: 5_000 });
  await scene.house.worker();
  await scene.moreThan(4);
  expect(await scene.count(stuck.number)).toBeLessThanOrEqual(1);
  await scene.moreThan(2, stuck.number);
  await hanging.close();
});

it("sees a new check and a changed one without a restart", { timeout: 60_000 }, async () => {
  await scene.house.worker();
  await scene.moreThan(0);
  const another = await startFakeUpstream({ behaviour: "bad-gateway" });
  const fresh = await scene.house.watch(another.url);
  await scene.moreThan(0, fresh.number);
  await scene.house.db.check.update({ where: { id: fresh.checkId }, data: { enabled: false } });
  await eventually("the looks at it to end", async () => {
    const before = await scene.count(fresh.number);
    await sleep(2_000);
    return (await scene.count(fresh.number)) === before;
  });
  await another.close();
});
