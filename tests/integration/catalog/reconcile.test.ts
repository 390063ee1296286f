import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { changeCatalog, personActor } from "#lib/catalog/change.ts";
import { createCheck } from "#lib/catalog/create-check.ts";
import { createComponent } from "#lib/catalog/create-component.ts";
import { createGroup } from "#lib/catalog/create-group.ts";
import { reconcile, type Reconciled } from "#lib/catalog/reconcile.ts";
import { updateCheck } from "#lib/catalog/update-check.ts";
import { updateComponent } from "#lib/catalog/update-component.ts";
import { updatePage } from "#lib/catalog/update-page.ts";
import { parseConfig } from "#lib/catalog/yaml-config.ts";
import { setUpSample } from "#lib/sample/set-up.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { sampleIsSet } from "#lib/store/sample.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let test_: TestDatabase;
beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());

beforeEach(async () => {
  const { db } = test_;
  await db.component.deleteMany();
  await db.componentGroup.deleteMany();
  await db.pageSettings.deleteMany();
  await db.auditEntry.deleteMany();
});

function apply(text: string, at?: Date): Promise<Reconciled> {
  return reconcile(test_.db, parseConfig(text, "gatewatch.yaml", { TOKEN: "s3cret" }), at);
}

async function person() {
  const { id, email } = await test_.db.user.upsert({
    where: { email: "someone@example.com" },
    create: { email: "someone@example.com", name: "Someone", role: "owner" },
    update: {},
  });
  return personActor({ id, email });
}

const CHECK = 'kind: http, url: "https://api.example.com/", headers: { authorization: "Bearer ${TOKEN}" }';
const FILE = `
page: { name: Acme Status, time_zone: Europe/Berlin }
components:
  - name: API
    group: Core
    checks:
      - { name: front door, ${CHECK}, interval: 10s }
      - { name: back door, ${CHECK}, interval: 20s }
  - { name: Shop, group: Edge }
`;

describe("reconcile", () => {
  test("makes what the file says, with audit entries, and keeps secrets out of the database", async () => {
    const { db } = test_;
    const { done } = await apply(FILE);
    expect(done).toEqual({
      "page.updated": 1,
      "group.created": 2,
      "component.created": 2,
      "check.created": 2,
    });
    const api = await db.component.findUniqueOrThrow({
      where: { slug: "api" },
      include: { group: true, checks: { orderBy: { number: "asc" } } },
    });
    expect(api).toMatchObject({
      name: "API",
      managedBy: "yaml",
      position: 0,
      group: { name: "Core", managedBy: "yaml" },
    });
    expect(api.checks.map(({ name, intervalMs }) => [name, intervalMs])).toEqual([
      ["front door", 10_000],
      ["back door", 20_000],
    ]);
    expect(JSON.stringify(api.checks)).toContain("Bearer ${TOKEN}");
    expect(JSON.stringify(api.checks)).not.toContain("s3cret");
    expect(await db.pageSettings.findUnique({ where: { id: 1 } })).toMatchObject({
      name: "Acme Status",
      managedBy: "yaml",
    });
    const audit = await db.auditEntry.findMany();
    expect(audit).toHaveLength(7);
    expect(audit.every(({ actor }) => actor === "gatewatch.yaml")).toBe(true);
  });

  test("changes nothing when nothing changed, not even the version", async () => {
    const { db } = test_;
    await apply(FILE);
    const version = await readPublicVersion(db);
    expect(await apply(FILE)).toEqual({ done: {}, warnings: [] });
    expect(await readPublicVersion(db)).toBe(version);
    expect(await db.auditEntry.count()).toBe(7);
  });

  test("changes what changed, under the same identity", async () => {
    const { db } = test_;
    await apply(FILE);
    const before = await db.check.findFirstOrThrow({ where: { name: "front door" } });
    const { done } = await apply(
      FILE.replace("interval: 10s", "interval: 15s").replace("Acme Status", "Acme"),
    );
    expect(done).toEqual({ "page.updated": 1, "check.updated": 1 });
    expect(await db.check.findUnique({ where: { id: before.id } })).toMatchObject({
      intervalMs: 15_000,
      number: before.number,
    });
  });

  test("archives what vanished with its history, and brings it back under its old identity", async () => {
    const { db } = test_;
    await apply(FILE);
    const api = await db.component.findUniqueOrThrow({ where: { slug: "api" }, include: { checks: true } });
    const checkId = api.checks[0]?.id ?? "";
    await db.errorEpisode.create({
      data: {
        componentId: api.id,
        checkId,
        outcome: 2,
        httpStatus: 502,
        startedAt: new Date("2026-11-01"),
        checks: 3,
        failures: 3,
        regions: ["local"],
      },
    });
    const at = new Date();
    const { done } = await apply("components:\n  - { name: Shop, group: Edge }\n", at);
    expect(done).toEqual({
      "page.released": 1,
      "component.archived": 1,
      "component.updated": 1,
      "group.archived": 1,
      "group.updated": 1,
    });
    const archived = await db.component.findUniqueOrThrow({
      where: { id: api.id },
      include: { checks: true, episodes: true, spans: true },
    });
    expect(archived.archivedAt).toEqual(at);
    expect(archived.checks.every((check) => check.archivedAt !== null)).toBe(true);
    expect(archived.episodes).toMatchObject([{ endedAt: at }]);
    expect(archived.spans.every(({ endsAt }) => endsAt !== null)).toBe(true);

    await apply(FILE.replace(/ {6}- \{ name: back door.*\n/, ""));
    const back = await db.component.findUniqueOrThrow({
      where: { id: api.id },
      include: { checks: true, group: true, episodes: true },
    });
    expect(back).toMatchObject({ archivedAt: null, slug: "api", group: { name: "Core", archivedAt: null } });
    expect(back.checks.filter((check) => check.archivedAt === null).map(({ name }) => name)).toEqual([
      "front door",
    ]);
    expect(back.checks).toHaveLength(2);
    expect(back.episodes).toHaveLength(1);
    expect(await db.componentGroup.count({ where: { name: "Core" } })).toBe(1);
  });

  test("takes a renamed component for the same one only when a slug says so", async () => {
    const { db } = test_;
    await apply("components:\n  - { name: A, slug: stays }\n  - { name: B }\n");
    const { id } = await db.component.findUniqueOrThrow({ where: { slug: "stays" } });
    const { done } = await apply("components:\n  - { name: A2, slug: stays }\n  - { name: B2 }\n");
    expect(done).toEqual({ "component.updated": 1, "component.archived": 1, "component.created": 1 });
    expect(await db.component.findUnique({ where: { id } })).toMatchObject({ name: "A2", archivedAt: null });
  });

  test("two at once do it once", async () => {
    const { db } = test_;
    const both = await Promise.all([apply(FILE), apply(FILE), apply(FILE)]);
    expect(both.filter(({ done }) => Object.keys(done).length > 0)).toHaveLength(1);
    expect(await db.component.count()).toBe(2);
    expect(await db.check.count()).toBe(2);
  });

  test("takes the place of the sample", async () => {
    const { db } = test_;
    expect(await setUpSample(db, "local")).toBe(true);
    expect((await apply(FILE)).done).toMatchObject({ "sample.removed": 1, "component.created": 2 });
    expect(await sampleIsSet(db)).toBe(false);
  });
});

describe("beside the admin area", () => {
  test("leaves what people made alone, uses their group, and warns of a name that exists twice", async () => {
    const { db } = test_;
    const actor = await person();
    const group = await changeCatalog(db, actor, (change) => createGroup(change, { name: "Core" }));
    const theirs = await changeCatalog(db, actor, (change) =>
      createComponent(change, { name: "API", groupId: group.id }),
    );
    const { warnings } = await apply(FILE);
    expect(warnings).toEqual([expect.stringContaining("“API” exists twice")]);
    expect(await db.component.findUnique({ where: { id: theirs.id } })).toMatchObject({
      slug: "api",
      managedBy: "admin",
      archivedAt: null,
    });
    expect(await db.component.findUnique({ where: { slug: "api-2" } })).toMatchObject({
      managedBy: "yaml",
      groupId: group.id,
    });
    // found again by name, not made a third time
    expect((await apply(FILE)).done).toEqual({});
    await apply("components: []\n");
    expect(await db.componentGroup.findUnique({ where: { id: group.id } })).toMatchObject({
      archivedAt: null,
      managedBy: "admin",
    });
    expect(await db.component.count({ where: { archivedAt: null } })).toBe(1);
  });

  test("refuses a slug that somebody has, with the place in the file, and changes nothing", async () => {
    const { db } = test_;
    await changeCatalog(db, await person(), (change) =>
      createComponent(change, { name: "API", slug: "api" }),
    );
    await expect(
      apply("components:\n  - { name: First }\n  - name: Other\n    slug: api\n"),
    ).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/^gatewatch\.yaml:3:11: Another component has the address “api”/),
    });
    expect(await db.component.count()).toBe(1);
  });

  test("what comes from the file is read-only there", async () => {
    const { db } = test_;
    await apply(FILE);
    const actor = await person();
    const api = await db.component.findUniqueOrThrow({ where: { slug: "api" }, include: { checks: true } });
    const check = { name: "x", kind: "http", target: { url: "https://a.example/" } };
    for (const attempt of [
      () => changeCatalog(db, actor, (change) => updateComponent(change, api.id, { name: "Mine" })),
      () => changeCatalog(db, actor, (change) => createCheck(change, api.id, check)),
      () => changeCatalog(db, actor, (change) => updateCheck(change, api.checks[0]?.id ?? "", check)),
      () => changeCatalog(db, actor, (change) => updatePage(change, { name: "Mine" })),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: "READ_ONLY",
        message: expect.stringContaining("comes from gatewatch.yaml"),
      });
    }
    // a page that the file no longer names may be named by people again
    await apply("components: []\n");
    await changeCatalog(db, actor, (change) => updatePage(change, { name: "Mine" }));
    expect(await db.pageSettings.findUnique({ where: { id: 1 } })).toMatchObject({
      name: "Mine",
      managedBy: "admin",
    });
  });

  test("nobody there can have a variable of the environment sent anywhere", async () => {
    const { db } = test_;
    const actor = await person();
    const mine = await changeCatalog(db, actor, (change) => createComponent(change, { name: "Mine" }));
    const target = { url: "https://a.example/", headers: { x: "${SOME_SECRET}" } };
    await expect(
      changeCatalog(db, actor, (change) => createCheck(change, mine.id, { name: "x", kind: "http", target })),
    ).rejects.toMatchObject({
      code: "INPUT_INVALID",
      problems: [{ path: "target" }],
    });
    expect(await db.check.count()).toBe(0);
  });
});
