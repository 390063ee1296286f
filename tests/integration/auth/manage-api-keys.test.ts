import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { requireApiKey } from "#lib/auth/api-key.ts";
import { endApiKey, issueApiKey } from "#lib/auth/manage-api-keys.ts";
import { DAY } from "#lib/base/clock.ts";
import { uuidv7 } from "#lib/base/id.ts";
import type { Actor } from "#lib/store/audit.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addPerson } from "#tests/support/people.ts";

const NOW = new Date("2026-01-15T12:00:00Z");

let test: TestDatabase;
let owner: Actor;
beforeAll(async () => {
  test = await createTestDatabase();
  owner = await addPerson(test.db);
});
afterAll(() => test.drop());

describe("API keys", () => {
  it("are issued, used, ended once, and each of that is on record", async () => {
    const input = { name: " Pipeline ", scope: "deploys", region: "eu", days: "30" };
    const key = await issueApiKey(test.db, owner, input, NOW);
    const row = await requireApiKey(test.db, `Bearer ${key}`, "deploys", NOW);
    expect(row).toMatchObject({ name: "Pipeline", scopes: ["deploys"], region: null, createdBy: owner.name });
    expect(row.expiresAt).toEqual(new Date(NOW.getTime() + 30 * DAY));
    await expect(requireApiKey(test.db, `Bearer ${key}`, "agent", NOW)).rejects.toMatchObject({
      code: "NOT_PERMITTED",
    });
    const later = new Date(NOW.getTime() + 31 * DAY);
    await expect(requireApiKey(test.db, `Bearer ${key}`, "deploys", later)).rejects.toMatchObject({
      code: "NOT_SIGNED_IN",
    });

    const ends = await Promise.allSettled([1, 2].map(() => endApiKey(test.db, owner, row.id, NOW)));
    expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(endApiKey(test.db, owner, row.id, NOW)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(endApiKey(test.db, owner, uuidv7(), NOW)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(requireApiKey(test.db, `Bearer ${key}`, "deploys", NOW)).rejects.toMatchObject({
      code: "NOT_SIGNED_IN",
    });
    const audit = await test.db.auditEntry.findMany({ where: { targetId: row.id }, orderBy: { at: "asc" } });
    expect(audit.map(({ action, actor }) => [action, actor])).toEqual([
      ["key.issued", owner.name],
      ["key.revoked", owner.name],
    ]);
    expect(JSON.stringify([row, audit])).not.toContain(key);
  });

  it("of agents belong to a region", async () => {
    const agent = { name: "Agent", scope: "agent", days: "0" };
    const key = await issueApiKey(test.db, owner, { ...agent, region: "eu-west" }, NOW);
    expect(await requireApiKey(test.db, `Bearer ${key}`, "agent", NOW)).toMatchObject({
      region: "eu-west",
      expiresAt: null,
    });
    for (const [change, path] of [
      [{ region: "" }, "region"],
      [{ region: "EU West" }, "region"],
      [{ region: "eu", name: "  " }, "name"],
      [{ region: "eu", scope: "everything" }, "scope"],
      [{ region: "eu", days: "7" }, "days"],
      [{ region: "eu", days: "never" }, "days"],
    ] as const) {
      await expect(issueApiKey(test.db, owner, { ...agent, ...change }, NOW)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        problems: [{ path }],
      });
    }
    expect(await test.db.auditEntry.count({ where: { action: "key.issued" } })).toBe(
      await test.db.apiKey.count(),
    );
  });
});
