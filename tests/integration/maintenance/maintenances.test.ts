import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { advanceMaintenances } from "#lib/maintenance/advance.ts";
import { cancelMaintenance } from "#lib/maintenance/cancel.ts";
import { completeMaintenance } from "#lib/maintenance/complete.ts";
import { moveMaintenanceEnd } from "#lib/maintenance/move-end.ts";
import { scheduleMaintenance } from "#lib/maintenance/schedule.ts";
import { startMaintenance } from "#lib/maintenance/start.ts";
import { verifyMaintenance } from "#lib/maintenance/verify.ts";
import type { Actor } from "#lib/store/audit.ts";
import { createDatabase, type Database } from "#lib/store/client.ts";
import { findMaintenance, type MaintenanceDetail } from "#lib/store/maintenances.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { addComponent, addPerson } from "#tests/support/people.ts";

let database: TestDatabase;
let db: Database;
let actor: Actor & { id: string };
let component: string;
const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
const at = (minutes: number): Date => new Date(Date.UTC(2026, 5, 1, 12, minutes));

beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  actor = await addPerson(db);
});
afterAll(async () => database.drop());
beforeEach(async () => {
  await db.maintenance.deleteMany();
  component = await addComponent(db, "Search");
});

async function schedule(from = 10, until = 20): Promise<string> {
  const input = {
    name: "Index rebuild",
    body: "Search answers slowly.",
    scheduledFor: at(from),
    scheduledUntil: at(until),
    componentIds: [component],
  };
  return (await scheduleMaintenance(db, actor, input, at(0))).id;
}

async function read(id: string): Promise<MaintenanceDetail> {
  const maintenance = await findMaintenance(db, id);
  if (maintenance === null) throw new Error("the maintenance is gone");
  return maintenance;
}

async function statusOf(componentId: string): Promise<string> {
  return (await db.component.findUniqueOrThrow({ where: { id: componentId } })).status;
}

describe("scheduling", () => {
  test("stores the window, an update, an audit entry and an event", async () => {
    const id = await schedule();
    const maintenance = await read(id);
    expect(maintenance).toMatchObject({
      status: "scheduled",
      scheduledFor: at(10),
      scheduledUntil: at(20),
      revision: 1,
    });
    expect(maintenance.updates).toMatchObject([{ status: "scheduled", body: "Search answers slowly." }]);
    expect(await statusOf(component)).not.toBe("under_maintenance");
    expect(await db.auditEntry.count({ where: { targetId: id, action: "maintenance.scheduled" } })).toBe(1);
    const event = await db.outboxEvent.findFirst({ orderBy: { id: "desc" } });
    expect(event).toMatchObject({ kind: "maintenance.updated", payload: { maintenanceId: id } });
  });

  test.each([
    [{ scheduledFor: at(20), scheduledUntil: at(10) }, "scheduledUntil"],
    [{ scheduledFor: at(-20), scheduledUntil: at(-10) }, "scheduledUntil"],
    [{ scheduledFor: at(0), scheduledUntil: at(60 * 24 * 31) }, "scheduledUntil"],
    [{ name: "" }, "name"],
    [{ componentIds: ["01900000-0000-7000-8000-000000000000"] }, "components"],
  ])("refuses %j at %s", async (wrong, path) => {
    const input = {
      name: "Work",
      body: "Text",
      scheduledFor: at(10),
      scheduledUntil: at(20),
      componentIds: [],
    };
    await expect(scheduleMaintenance(db, actor, { ...input, ...wrong }, at(0))).rejects.toMatchObject({
      code: "INPUT_INVALID",
      problems: [{ path }],
    });
    expect(await db.maintenance.count()).toBe(0);
  });
});

describe("by the clock", () => {
  test("begins and ends on time, once, however many workers look", async () => {
    const id = await schedule();
    const others = [createDatabase(database.url, { max: 2 }), createDatabase(database.url, { max: 2 })];
    const everybody = (now: Date) =>
      Promise.all([db, ...others, ...others].map((one) => advanceMaintenances(one, now)));
    try {
      expect(sum(await everybody(at(9)))).toBe(0);
      expect(sum(await everybody(at(10)))).toBe(1);
      expect(await read(id)).toMatchObject({ status: "in_progress", startedAt: at(10) });
      expect(await statusOf(component)).toBe("under_maintenance");
      expect(sum(await everybody(at(15)))).toBe(0);
      expect(sum(await everybody(at(20)))).toBe(1);
      expect(sum(await everybody(at(21)))).toBe(0);
    } finally {
      await Promise.all(others.map((one) => one.$disconnect()));
    }
    const maintenance = await read(id);
    expect(maintenance).toMatchObject({ status: "completed", startedAt: at(10), completedAt: at(20) });
    expect(maintenance.updates.map(({ status }) => status)).toEqual([
      "completed",
      "in_progress",
      "scheduled",
    ]);
    expect(await statusOf(component)).not.toBe("under_maintenance");
    expect(
      await db.statusSpan.findMany({ where: { componentId: component, status: "under_maintenance" } }),
    ).toMatchObject([{ startsAt: at(10), endsAt: at(20) }]);
    const entries = await db.auditEntry.findMany({
      where: { targetId: id, actor: "schedule" },
      orderBy: { at: "asc" },
    });
    expect(entries.map(({ action }) => action)).toEqual(["maintenance.started", "maintenance.completed"]);
    expect(await db.outboxEvent.count({ where: { payload: { path: ["maintenanceId"], equals: id } } })).toBe(
      3,
    );
  });

  test("two windows over one component: it stays under maintenance until the last ends", async () => {
    await schedule(10, 20);
    await schedule(15, 30);
    for (const minute of [10, 15, 20]) await advanceMaintenances(db, at(minute));
    expect(await statusOf(component)).toBe("under_maintenance");
    await advanceMaintenances(db, at(30));
    expect(await statusOf(component)).not.toBe("under_maintenance");
  });
});

describe("by hand", () => {
  test("started early, verified, completed", async () => {
    const id = await schedule();
    await startMaintenance(db, actor, id, { revision: 1, body: "We begin early." }, at(5));
    expect(await statusOf(component)).toBe("under_maintenance");
    await verifyMaintenance(db, actor, id, { revision: 2, body: "Looks good." }, at(7));
    expect(await statusOf(component)).toBe("under_maintenance");
    await completeMaintenance(db, actor, id, { revision: 3, body: "Done." }, at(8));
    expect(await read(id)).toMatchObject({
      status: "completed",
      startedAt: at(5),
      completedAt: at(8),
      revision: 4,
    });
    expect(await advanceMaintenances(db, at(30))).toBe(0);
  });

  test("cancelled before it begins: over without a start", async () => {
    const id = await schedule();
    await cancelMaintenance(db, actor, id, { revision: 1, body: "Not today." }, at(5));
    expect(await read(id)).toMatchObject({ status: "completed", startedAt: null, completedAt: at(5) });
    expect(await db.auditEntry.count({ where: { targetId: id, action: "maintenance.cancelled" } })).toBe(1);
  });

  test("extended: the clock keeps the new end", async () => {
    const id = await schedule();
    await advanceMaintenances(db, at(10));
    await moveMaintenanceEnd(
      db,
      actor,
      id,
      { revision: 2, body: "Takes longer.", scheduledUntil: at(40) },
      at(19),
    );
    expect(await advanceMaintenances(db, at(20))).toBe(0);
    expect(await advanceMaintenances(db, at(40))).toBe(1);
    const late = { revision: 4, body: "Again.", scheduledUntil: at(60) };
    await expect(moveMaintenanceEnd(db, actor, id, late, at(41))).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  });

  test("an end in the past is refused", async () => {
    const id = await schedule();
    const past = { revision: 1, body: "Shorter.", scheduledUntil: at(4) };
    await expect(moveMaintenanceEnd(db, actor, id, past, at(5))).rejects.toMatchObject({
      problems: [{ path: "scheduledUntil" }],
    });
  });

  test("the clock was faster: the person is told", async () => {
    const id = await schedule();
    await advanceMaintenances(db, at(10));
    await expect(
      cancelMaintenance(db, actor, id, { revision: 1, body: "No." }, at(10)),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(
      cancelMaintenance(db, actor, id, { revision: 2, body: "No." }, at(10)),
    ).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect((await read(id)).updates).toHaveLength(2);
  });
});
