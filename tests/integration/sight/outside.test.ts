import { createServer, type AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, it } from "vitest";

import { outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import { openOutside } from "#lib/sight/outside.ts";
import { createDatabase } from "#lib/store/client.ts";
import { ensureRegion, type RegionRow } from "#lib/store/regions.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

import { quiet } from "../schedule/house.ts";

let test: TestDatabase;
let here: RegionRow;
let there: RegionRow;
let numbers: number[];

beforeAll(async () => {
  test = await createTestDatabase();
  [here, there] = await Promise.all([ensureRegion(test.db, "here"), ensureRegion(test.db, "there")]);
  const checks = ["a", "b"].map((name) => ({
    name,
    kind: "http",
    target: {},
    intervalMs: 10_000,
    timeoutMs: 1_000,
  }));
  const component = await test.db.component.create({
    data: { slug: "api", name: "API", checks: { create: checks } },
    include: { checks: true },
  });
  numbers = component.checks.map(({ number }) => number);
});
afterAll(() => test.drop());

/** The other region's last look at each check, and when. */
async function othersSaw(outcome: Outcome, at: number): Promise<void> {
  await test.db.checkState.deleteMany();
  await test.db.checkState.createMany({
    data: numbers.map((checkNumber) => ({
      checkNumber,
      regionId: there.id,
      // the belief is of before: confirmation takes seconds
      health: "up" as const,
      outcome: outcomeCode("up"),
      since: new Date(at - 60_000),
      lastSlotAt: new Date(at),
      lastOutcome: outcomeCode(outcome),
    })),
  });
}

it("asks the other regions what they have seen since, when no canaries were chosen", async () => {
  const outside = openOutside(test.db, here, quiet);
  const began = Date.now() - 2_000;
  // nobody else looks: what is seen is believed
  expect(await outside.ask(numbers, began)).toBe("clear");
  expect(outside.chosen()).toBe(false);
  // they looked before it began: that they still believe "up" says nothing
  await othersSaw("up", began - 1_000);
  expect(await outside.ask(numbers, began)).toBe("waiting");
  await othersSaw("connect_timeout", began + 500);
  expect(await outside.ask(numbers, began)).toBe("clear");
  await othersSaw("up", began + 500);
  expect(await outside.ask(numbers, began)).toBe("silent");
  // a region that is blind itself is no witness
  await test.db.region.update({ where: { id: there.id }, data: { blindSince: new Date() } });
  expect(await outside.ask(numbers, began)).toBe("clear");
  await test.db.region.update({ where: { id: there.id }, data: { blindSince: null } });
});

it("takes the word of a canary over everything else, also a refusal", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await othersSaw("up", Date.now());
  await test.db.pageSettings.create({ data: { id: 1, name: "Test", canaries: [`127.0.0.1:${port}`] } });
  const outside = openOutside(test.db, here, quiet);
  expect(await outside.ask(numbers, Date.now() - 2_000)).toBe("clear");
  expect(outside.chosen()).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await outside.ask(numbers, Date.now() - 2_000)).toBe("clear");
});

it("knows that a database that does not answer is no proof of sight", async () => {
  const away = createDatabase("postgresql://nobody@127.0.0.1:1/nothing", { max: 1 });
  const outside = openOutside(away, here, quiet);
  expect(await outside.ask(numbers, Date.now())).toBe("silent");
  await away.$disconnect();
});
