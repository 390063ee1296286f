import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { healthOf, outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import type { ComponentStatus } from "#lib/model/status.ts";
import { uptime } from "#lib/model/uptime.ts";
import { refreshComponentStatus, type StatusChange } from "#lib/store/component-status.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let test: TestDatabase;
let componentId: string;
let checks: number[];
let regionId: number;

const T0 = Date.UTC(2026, 0, 15, 12);
const at = (seconds: number): Date => new Date(T0 + seconds * 1_000);

beforeAll(async () => {
  test = await createTestDatabase();
  const region = await test.db.region.create({ data: { name: "here" } });
  regionId = region.id;
});
afterAll(() => test.drop());

beforeEach(async () => {
  await test.db.incident.deleteMany();
  await test.db.maintenance.deleteMany();
  await test.db.component.deleteMany();
  const component = await test.db.component.create({
    data: {
      slug: "api",
      name: "API",
      checks: {
        create: ["a", "b"].map((name) => ({
          name,
          kind: "http",
          target: {},
          intervalMs: 10_000,
          timeoutMs: 1_000,
        })),
      },
    },
    include: { checks: { orderBy: { number: "asc" } } },
  });
  componentId = component.id;
  checks = component.checks.map((check) => check.number);
});

async function believe(index: number, outcome: Outcome, region = regionId): Promise<void> {
  const row = {
    health: healthOf(outcome),
    outcome: outcomeCode(outcome),
    since: at(0),
    lastSlotAt: at(0),
    lastOutcome: outcomeCode(outcome),
  };
  const key = { checkNumber: checks[index] ?? -1, regionId: region };
  await test.db.checkState.upsert({
    where: { checkNumber_regionId: key },
    create: { ...key, ...row },
    update: row,
  });
}

function refresh(seconds: number): Promise<StatusChange[]> {
  return test.db.$transaction((tx) => refreshComponentStatus(tx, [componentId], at(seconds)));
}

const seconds = (date: Date | null): string => (date === null ? "" : String((date.getTime() - T0) / 1_000));

/** `operational 0-10, major_outage 10-` in seconds from T0. */
async function spans(): Promise<string> {
  const rows = await test.db.statusSpan.findMany({ where: { componentId }, orderBy: { startsAt: "asc" } });
  return rows.map((row) => `${row.status} ${seconds(row.startsAt)}-${seconds(row.endsAt)}`).join(", ");
}

async function status(): Promise<ComponentStatus> {
  return (await test.db.component.findUniqueOrThrow({ where: { id: componentId } })).status;
}

describe("refreshComponentStatus", () => {
  it("tells the story of two checks in spans that meet", async () => {
    await believe(0, "up");
    await believe(1, "up");
    expect(await refresh(0)).toEqual([{ componentId, from: "unknown", to: "operational" }]);
    await believe(0, "bad_gateway");
    expect(await refresh(100)).toEqual([{ componentId, from: "operational", to: "partial_outage" }]);
    await believe(1, "connection_refused");
    await refresh(200);
    await believe(0, "up");
    await believe(1, "slow");
    await refresh(300);
    expect(await spans()).toBe(
      "operational 0-100, partial_outage 100-200, major_outage 200-300, degraded_performance 300-",
    );
    expect(await status()).toBe("degraded_performance");
  });

  it("gives the uptime that the formula asks for", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    await believe(0, "bad_gateway");
    await refresh(600);
    await believe(1, "bad_gateway");
    await refresh(700);
    await believe(0, "up");
    await believe(1, "up");
    await refresh(800);
    const rows = await test.db.statusSpan.findMany({ where: { componentId } });
    const read = rows.map((row) => ({
      status: row.status,
      startsAt: row.startsAt.getTime(),
      endsAt: row.endsAt?.getTime() ?? null,
    }));
    // 100 s at weight 0.3 and 100 s at weight 1, of 1,000 s
    expect(uptime(read, T0, T0 + 1_000_000).ratio).toBeCloseTo(1 - (0.3 * 100 + 100) / 1_000, 10);
  });

  it("changes nothing and returns nothing when the status stays", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    expect(await refresh(50)).toEqual([]);
    expect(await spans()).toBe("operational 0-");
  });

  it("keeps the beginning of a span that began after the moment of the change", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    await believe(0, "bad_gateway");
    await refresh(100);
    await believe(1, "bad_gateway");
    await refresh(95);
    expect(await spans()).toBe("operational 0-100, major_outage 100-");
  });

  it("joins a span that turns out to be like the one before it", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    await believe(0, "bad_gateway");
    await refresh(100);
    await believe(0, "up");
    await refresh(60);
    expect(await spans()).toBe("operational 0-");
    expect(await status()).toBe("operational");
  });

  it("survives a clock that went back an hour", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    await believe(0, "bad_gateway");
    await refresh(-3_600);
    await believe(0, "up");
    await refresh(-3_500);
    expect(await spans()).toBe("operational 0-");
  });

  it("lets a majority of regions decide, and ignores regions that the check does not name", async () => {
    const there = await test.db.region.create({ data: { name: "there" } });
    const elsewhere = await test.db.region.create({ data: { name: "elsewhere" } });
    await believe(1, "up");
    await believe(0, "up");
    await believe(0, "bad_gateway", there.id);
    await refresh(0);
    expect(await status()).toBe("operational");
    await believe(0, "bad_gateway", elsewhere.id);
    await refresh(10);
    expect(await status()).toBe("partial_outage");
    await test.db.check.updateMany({ where: { number: checks[0] ?? -1 }, data: { regions: ["here"] } });
    await refresh(20);
    expect(await status()).toBe("operational");
    await test.db.checkState.deleteMany({ where: { regionId: { not: regionId } } });
  });

  it("takes the worse of checks and open incidents, and maintenance before both", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    const incident = await test.db.incident.create({
      data: {
        code: "k3f9x2mwq7",
        name: "Slow logins",
        status: "investigating",
        impact: "minor",
        startedAt: at(10),
        components: { create: { componentId, status: "degraded_performance" } },
      },
    });
    await refresh(10);
    expect(await status()).toBe("degraded_performance");
    const maintenance = await test.db.maintenance.create({
      data: {
        code: "m3f9x2mwq7",
        name: "Upgrade",
        status: "in_progress",
        scheduledFor: at(20),
        scheduledUntil: at(30),
        components: { create: { componentId } },
      },
    });
    await refresh(20);
    expect(await status()).toBe("under_maintenance");
    await test.db.maintenance.update({
      where: { id: maintenance.id },
      data: { status: "completed", completedAt: at(30) },
    });
    await test.db.incident.update({
      where: { id: incident.id },
      data: { status: "resolved", resolvedAt: at(30) },
    });
    await refresh(30);
    expect(await spans()).toBe(
      "operational 0-10, degraded_performance 10-20, under_maintenance 20-30, operational 30-",
    );
  });

  it("knows nothing until a check has reported, and leaves a component without checks to people", async () => {
    await refresh(0);
    expect(await status()).toBe("unknown");
    await test.db.check.updateMany({ where: { componentId }, data: { enabled: false } });
    await refresh(10);
    expect(await status()).toBe("unknown");
    await test.db.check.updateMany({ where: { componentId }, data: { archivedAt: at(20) } });
    expect(await refresh(20)).toEqual([{ componentId, from: "unknown", to: "operational" }]);
    await test.db.incident.create({
      data: {
        code: "p3f9x2mwq7",
        name: "Nobody answers the phone",
        status: "investigating",
        impact: "major",
        startedAt: at(30),
        components: { create: { componentId, status: "partial_outage" } },
      },
    });
    await refresh(30);
    expect(await spans()).toBe("unknown 0-20, operational 20-30, partial_outage 30-");
  });

  it("leaves out checks that are off, and closes the span of an archived component", async () => {
    await believe(0, "up");
    await believe(1, "bad_gateway");
    await refresh(0);
    await test.db.check.updateMany({ where: { number: checks[1] ?? -1 }, data: { enabled: false } });
    await refresh(10);
    expect(await status()).toBe("operational");
    await test.db.component.update({ where: { id: componentId }, data: { archivedAt: at(20) } });
    expect(await refresh(20)).toEqual([]);
    expect(await spans()).toBe("partial_outage 0-10, operational 10-20");
  });

  it("keeps spans whole when several transactions change one component at once", async () => {
    await believe(0, "up");
    await believe(1, "up");
    await refresh(0);
    await Promise.all(
      [0, 1, 0, 1].map(async (index, turn) => {
        await believe(index, turn < 2 ? "bad_gateway" : "up");
        await refresh(10 + turn);
      }),
    );
    await believe(0, "up");
    await believe(1, "up");
    await refresh(60);
    const open = await test.db.statusSpan.count({ where: { componentId, endsAt: null } });
    expect(open).toBe(1);
    expect(await status()).toBe("operational");
  });
});
