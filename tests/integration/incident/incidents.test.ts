import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { renameIncident, rewriteUpdate } from "#lib/incident/edit.ts";
import { openIncident } from "#lib/incident/open.ts";
import { updateIncident } from "#lib/incident/update.ts";
import type { Actor } from "#lib/store/audit.ts";
import type { Database } from "#lib/store/client.ts";
import { findIncident, type IncidentDetail } from "#lib/store/incidents.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addComponent, addPerson } from "#tests/support/people.ts";

let database: TestDatabase;
let db: Database;
let actor: Actor & { id: string };
let api: string;
let shop: string;
const T0 = new Date("2026-06-01T12:00:00.000Z");
const later = (minutes: number): Date => new Date(T0.getTime() + minutes * 60_000);

beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  actor = await addPerson(db);
});
afterAll(async () => database.drop());
beforeEach(async () => {
  api = await addComponent(db, "API");
  shop = await addComponent(db, "Shop");
});

async function open(
  status: "degraded_performance" | "partial_outage" | "major_outage" = "partial_outage",
): Promise<string> {
  const input = {
    name: "Checkout fails",
    status: "investigating" as const,
    body: "We look into it.",
    components: [{ id: api, status }],
  };
  return (await openIncident(db, actor, input, T0)).id;
}

async function read(id: string): Promise<IncidentDetail> {
  const incident = await findIncident(db, id);
  if (incident === null) throw new Error("the incident is gone");
  return incident;
}

async function statusOf(componentId: string): Promise<string> {
  return (await db.component.findUniqueOrThrow({ where: { id: componentId } })).status;
}

describe("opening", () => {
  test("stores everything at once: update, component, audit entry, event, public version", async () => {
    const version = await readPublicVersion(db);
    const id = await open();
    const incident = await read(id);
    expect(incident).toMatchObject({
      status: "investigating",
      impact: "major",
      startedAt: T0,
      resolvedAt: null,
      revision: 1,
    });
    expect(incident.code).toMatch(/^[a-z0-9]{10}$/);
    expect(incident.updates).toMatchObject([
      {
        status: "investigating",
        body: "We look into it.",
        author: { name: "The owner" },
        components: [{ componentId: api, oldStatus: "unknown", newStatus: "partial_outage" }],
      },
    ]);
    expect(await statusOf(api)).toBe("partial_outage");
    expect(await db.statusSpan.findFirst({ where: { componentId: api, endsAt: null } })).toMatchObject({
      status: "partial_outage",
      startsAt: T0,
    });
    expect(await db.auditEntry.findMany({ where: { targetId: id } })).toMatchObject([
      { action: "incident.opened", actorId: actor.id, actor: "owner@example.com" },
    ]);
    const event = await db.outboxEvent.findFirst({ orderBy: { id: "desc" } });
    expect(event).toMatchObject({
      kind: "incident.updated",
      payload: { incidentId: id, updateId: incident.updates[0]?.id },
    });
    expect(await readPublicVersion(db)).toBeGreaterThan(version);
  });

  test("keeps Unicode, drops control characters, and bounds the text", async () => {
    const input = {
      name: "Störung\u0000 🚒\n bei 再開",
      status: "identified" as const,
      body: "a\u001b[2Jb\r\nc",
    };
    const { id } = await openIncident(db, actor, input, T0);
    expect(await read(id)).toMatchObject({
      name: "Störung 🚒 bei 再開",
      impact: "none",
      updates: [{ body: "a[2Jb\nc" }],
    });
    await expect(openIncident(db, actor, { ...input, body: "x".repeat(20_001) }, T0)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      problems: [{ path: "body" }],
    });
  });

  test("names every wrong field and stores nothing", async () => {
    const before = await db.incident.count();
    await expect(
      openIncident(db, actor, { name: " ", status: "investigating", body: "\u0007" }, T0),
    ).rejects.toMatchObject({
      code: "INPUT_INVALID",
      problems: [{ path: "name" }, { path: "body" }],
    });
    const gone = { id: "01900000-0000-7000-8000-000000000000", status: "major_outage" as const };
    await expect(
      openIncident(db, actor, { name: "A", status: "investigating", body: "B", components: [gone] }, T0),
    ).rejects.toMatchObject({ problems: [{ path: "components" }] });
    expect(await db.incident.count()).toBe(before);
  });
});

describe("updating", () => {
  test("a second component worsens it, recovery does not talk the impact down", async () => {
    const id = await open("degraded_performance");
    const worse = {
      revision: 1,
      status: "identified" as const,
      body: "The shop too.",
      components: [{ id: shop, status: "major_outage" as const }],
    };
    await updateIncident(db, actor, id, worse, later(1));
    expect(await read(id)).toMatchObject({ impact: "critical", revision: 2, status: "identified" });
    expect([await statusOf(api), await statusOf(shop)]).toEqual(["degraded_performance", "major_outage"]);
    const better = {
      revision: 2,
      status: "monitoring" as const,
      body: "Fixed.",
      components: [{ id: shop, status: "operational" as const }],
    };
    await updateIncident(db, actor, id, better, later(2));
    expect(await read(id)).toMatchObject({ impact: "critical", monitoringAt: later(2) });
    expect(await statusOf(shop)).toBe("operational");
  });

  test("resolving releases every component, ends the spans and keeps the time", async () => {
    const id = await open();
    await updateIncident(db, actor, id, { revision: 1, status: "resolved", body: "Over." }, later(5));
    const incident = await read(id);
    expect(incident).toMatchObject({
      resolvedAt: later(5),
      impact: "major",
      components: [{ componentId: api, status: "operational" }],
    });
    expect(incident.updates[0]?.components).toMatchObject([
      { oldStatus: "partial_outage", newStatus: "operational" },
    ]);
    expect(
      await db.statusSpan.findMany({ where: { componentId: api, status: "partial_outage" } }),
    ).toMatchObject([{ startsAt: T0, endsAt: later(5) }]);
    await updateIncident(
      db,
      actor,
      id,
      { revision: 2, status: "postmortem", body: "What happened." },
      later(90),
    );
    expect(await read(id)).toMatchObject({ status: "postmortem", resolvedAt: later(5) });
  });

  test("a relapse opens it again", async () => {
    const id = await open();
    await updateIncident(db, actor, id, { revision: 1, status: "resolved", body: "Over." }, later(5));
    const relapse = {
      revision: 2,
      status: "investigating" as const,
      body: "Back.",
      components: [{ id: api, status: "major_outage" as const }],
    };
    await updateIncident(db, actor, id, relapse, later(9));
    expect(await read(id)).toMatchObject({ resolvedAt: null, impact: "critical" });
    expect(await statusOf(api)).toBe("major_outage");
  });

  test("a postmortem waits for the end", async () => {
    const id = await open();
    await expect(
      updateIncident(db, actor, id, { revision: 1, status: "postmortem", body: "Why." }, later(1)),
    ).rejects.toMatchObject({ code: "INPUT_INVALID", problems: [{ path: "status" }] });
  });

  test("of two people who saw the same revision one wins; the other's text changes nothing", async () => {
    const id = await open();
    const write = (body: string) =>
      updateIncident(db, actor, id, { revision: 1, status: "identified", body }, later(1));
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => write(`writer ${n}`)));
    const lost = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(lost).toHaveLength(5);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: "CONFLICT" });
    expect((await read(id)).updates).toHaveLength(2);
    expect(await db.auditEntry.count({ where: { targetId: id } })).toBe(2);
  });

  test("an incident that is not there", async () => {
    const nowhere = "01900000-0000-7000-8000-000000000001";
    await expect(
      updateIncident(db, actor, nowhere, { revision: 1, status: "resolved", body: "Over." }, T0),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("correcting", () => {
  test("the audit log keeps the old text, and nobody is notified", async () => {
    const id = await open();
    const [first] = (await read(id)).updates;
    const events = await db.outboxEvent.count();
    await rewriteUpdate(db, actor, id, {
      revision: 1,
      updateId: first?.id ?? "",
      body: "We look into it now.",
    });
    await renameIncident(db, actor, id, { revision: 2, name: "Checkout fails for some" });
    expect(await read(id)).toMatchObject({
      name: "Checkout fails for some",
      revision: 3,
      updates: [{ body: "We look into it now." }],
    });
    const entries = await db.auditEntry.findMany({ where: { targetId: id }, orderBy: { at: "asc" } });
    expect(entries.map(({ action, detail }) => [action, detail])).toContainEqual([
      "incident.update_rewritten",
      { updateId: first?.id, from: "We look into it.", to: "We look into it now." },
    ]);
    expect(await db.outboxEvent.count()).toBe(events);
    await expect(renameIncident(db, actor, id, { revision: 1, name: "Mine" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
  });

  test("an update of another incident is out of reach", async () => {
    const [mine, other] = [await open(), await open()];
    const [update] = (await read(other)).updates;
    await expect(
      rewriteUpdate(db, actor, mine, { revision: 1, updateId: update?.id ?? "", body: "Taken over." }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
