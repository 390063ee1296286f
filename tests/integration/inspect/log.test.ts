import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HOUR, MINUTE, SECOND } from "#lib/base/clock.ts";
import { askedIn, parseLogFilter, type LogFilter } from "#lib/inspect/filter.ts";
import { lookKey, lookName } from "#lib/inspect/key.ts";
import { readLogPage, type LogPage } from "#lib/inspect/log.ts";
import { readNames, type Names } from "#lib/inspect/names.ts";
import type { Evidence } from "#lib/model/evidence.ts";
import type { Outcome } from "#lib/model/outcome.ts";
import {
  evidenceLogSql,
  findLook,
  readEvidenceLog,
  resultLogSql,
  type LookKey,
} from "#lib/store/check-log.ts";
import { Prisma } from "#lib/store/generated/client.ts";
import { storeResults, type NewResult } from "#lib/store/results.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { makeEvidence, seedLooks } from "#tests/support/seed-looks.ts";

const T0 = Date.UTC(2026, 0, 15, 12);

let test: TestDatabase;
let names: Names;
const ids = { api: "", shop: "" };
const numbers: number[] = [];
const regions: number[] = [];

async function addChecks(slug: string, kinds: readonly string[]): Promise<string> {
  const component = await test.db.component.create({ data: { slug, name: slug.toUpperCase() } });
  for (const kind of kinds) {
    const { number } = await test.db.check.create({
      data: {
        componentId: component.id,
        name: `${kind} look`,
        kind,
        target: {},
        intervalMs: 10_000,
        timeoutMs: 1_000,
      },
    });
    numbers.push(number);
  }
  return component.id;
}

beforeAll(async () => {
  test = await createTestDatabase();
  ids.api = await addChecks("api", ["http", "tcp"]);
  ids.shop = await addChecks("shop", ["http"]);
  for (const name of ["eu", "us"]) regions.push((await test.db.region.create({ data: { name } })).id);
  await storeResults(test.db, looks());
  names = await readNames(test.db);
});
afterAll(() => test.drop());

function look(
  at: number,
  check: number,
  region: number,
  outcome: Outcome = "up",
  evidence: Partial<Evidence> | null = null,
): NewResult {
  return {
    slotAt: T0 + at * SECOND,
    checkNumber: numbers[check] ?? -1,
    regionId: regions[region] ?? -1,
    outcome,
    httpStatus: outcome === "up" ? 200 : null,
    timings: { dns: null, connect: 1, tls: null, firstByte: 2, total: 3 },
    evidence: evidence === null ? null : makeEvidence({ outcome, ...evidence }),
  };
}

/** Two checks at the same moment in two regions, and one of each kind of trouble. */
function looks(): NewResult[] {
  return [
    look(0, 0, 0),
    look(0, 0, 1),
    look(0, 1, 0),
    look(10, 0, 0, "slow"),
    look(20, 0, 0, "bad_gateway", {}),
    look(20, 0, 1, "bad_gateway", { summary: 'It said "50% off" \\ more' }),
    look(30, 1, 0, "connection_refused", {
      gateway: null,
      error: { code: "ECONNREFUSED", message: "connect ECONNREFUSED 192.0.2.7:5432" },
      remote: "192.0.2.7:5432",
      headers: {},
      bodyStart: "",
    }),
    look(40, 2, 0, "gateway_timeout", { gateway: "HAProxy", headers: { "cf-ray": "8f00-FRA" } }),
    look(50, 2, 1, "certificate_expiring", { gateway: null, summary: "The certificate runs out in 9 days." }),
    look(60, 2, 1, "unknown"),
  ];
}

function filterOf(query: string): LogFilter {
  const asked = askedIn(new URLSearchParams(`from=2026-01-15T11:00&to=2026-01-15T14:00&${query}`));
  return parseLogFilter(asked, { now: T0, timeZone: "Etc/UTC" });
}

const page = (query: string, size = 50, after: LookKey | null = null): Promise<LogPage> =>
  readLogPage(test.db, { filter: filterOf(query), names, after, size });

const seconds = ({ looks }: LogPage): number[] => looks.map(({ slotAt }) => (slotAt.getTime() - T0) / SECOND);

describe("the log of checks", () => {
  it.each<[string, number[]]>([
    ["", [50, 40, 30, 20, 20]],
    ["show=all", [60, 50, 40, 30, 20, 20, 10, 0, 0, 0]],
    ["outcome=bad_gateway", [20, 20]],
    ["outcome=bad_gateway&outcome=gateway_timeout", [40, 20, 20]],
    ["outcome=slow", [10]],
    ["outcome=slow&outcome=bad_gateway", [20, 20, 10]],
    ["gateway=HAProxy", [40]],
    ["region=us", [50, 20]],
    ["region=us&show=all", [60, 50, 20, 0]],
    ["region=mars", []],
    ["kind=tcp", [30]],
    ["kind=tcp&show=all", [30, 0]],
    ["kind=grpc", []],
    ["q=econnrefused", [30]],
    ["q=192.0.2.7", [30]],
    ["q=cf-ray", [40]],
    ["q=8F00", [40]],
    ["q=%3Ch1%3E502+bad", [50, 40, 20, 20]],
    ["q=50%25", [20]],
    [`q=${encodeURIComponent('"50% off" \\ more')}`, [20]],
    ["q=bodyStart", []],
    ["q=5_2", []],
    ["q=nothing+of+the+kind", []],
  ])("%s", async (query, expected) => {
    expect(seconds(await page(query))).toEqual(expected);
  });

  it("of one component, and of one of its checks", async () => {
    expect(seconds(await page(`component=${ids.api}`))).toEqual([30, 20, 20]);
    const [http, tcp] = names.checks;
    expect(seconds(await page(`component=${ids.api}&check=${tcp?.id}`))).toEqual([30]);
    expect(seconds(await page(`component=${ids.shop}&check=${http?.id}`))).toEqual([]);
  });

  it("walks through pages without losing or repeating a look, also among those of one moment", async () => {
    for (const query of ["show=all", "", "show=all&region=eu"]) {
      const whole = (await page(query)).looks.map(lookName);
      for (const size of [1, 2, 3]) {
        const walked: string[] = [];
        let after: LookKey | null = null;
        do {
          const { looks, older }: LogPage = await page(query, size, after);
          walked.push(...looks.map(lookName));
          after = older === null ? null : lookKey(lookName(older));
        } while (after !== null && walked.length < 50);
        expect(walked).toEqual(whole);
      }
    }
  });

  it("opens one look by its name, and says when there is none", async () => {
    const [newest] = (await page("q=econnrefused")).looks;
    const key = lookKey(newest === undefined ? "" : lookName(newest));
    if (key === null) throw new Error("the look has no name");
    expect(await findLook(test.db, key)).toMatchObject({
      outcome: "connection_refused",
      httpStatus: null,
      timings: { dns: null, connect: 1, total: 3 },
      evidence: { error: { code: "ECONNREFUSED" } },
    });
    expect(await findLook(test.db, { ...key, slotAt: new Date(T0 + 1) })).toBeNull();
    for (const name of ["", "x", "1-2", "1-99999999999-1", "1-2-3-4", "-1-2-3"])
      expect(lookKey(name)).toBeNull();
  });

  it("gives a query up that takes too long, and says what to do", async () => {
    const slow = { ...queryAt(T0), text: "x", gateway: null, timeoutMs: 1 };
    // a lock that somebody holds is the surest way to wait
    await test.db.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE evidence IN ACCESS EXCLUSIVE MODE`;
      await expect(readEvidenceLog(test.db, { ...slow, timeoutMs: 50 })).rejects.toMatchObject({
        code: "QUERY_TOO_WIDE",
        message: expect.stringContaining("Narrow the time range"),
      });
    });
  });
});

function queryAt(to: number) {
  return {
    from: new Date(to - 24 * HOUR),
    to: new Date(to),
    after: null,
    checks: null,
    region: null,
    outcomes: null,
    limit: 51,
    timeoutMs: 5_000,
  };
}

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows a statement touches in the tables, and by which ways. */
async function touched(sql: Prisma.Sql): Promise<{ rows: number; scans: string[] }> {
  const [row] = await test.db.$queryRaw<{ "QUERY PLAN": readonly { Plan: Plan }[] }[]>(
    Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
  );
  const nodes: Plan[] = [];
  const collect = (plan: Plan): void => {
    nodes.push(plan);
    for (const inner of plan.Plans ?? []) collect(inner);
  };
  for (const { Plan } of row?.["QUERY PLAN"] ?? []) collect(Plan);
  const scans = nodes.filter((node) => node["Relation Name"] !== undefined && node["Actual Loops"] > 0);
  const rows = scans.reduce(
    (sum, node) =>
      sum +
      node["Actual Loops"] *
        (node["Actual Rows"] +
          (node["Rows Removed by Filter"] ?? 0) +
          (node["Rows Removed by Index Recheck"] ?? 0)),
    0,
  );
  return { rows, scans: scans.map((node) => `${node["Node Type"]} ${node["Relation Name"]}`) };
}

describe("with hundreds of thousands of looks", () => {
  const from = Date.UTC(2026, 1, 1);
  const to = from + 12 * HOUR;
  beforeAll(async () => {
    // 216,000 looks in twelve hours, one in a hundred fails
    await seedLooks(test.db, {
      checks: numbers,
      regionId: regions[0] ?? -1,
      from,
      to,
      every: 600,
      failing: 100,
    });
    await test.db.$executeRawUnsafe("VACUUM ANALYZE results");
    await test.db.$executeRawUnsafe("VACUUM ANALYZE evidence");
  });

  it("a page of failures reads little more than it shows", async () => {
    for (const end of [to, from + 3 * HOUR]) {
      const { rows, scans } = await touched(evidenceLogSql({ ...queryAt(end), gateway: null, text: null }));
      expect(rows, scans.join(", ")).toBeLessThan(200);
    }
  });

  it("a stretch of all looks reads that stretch, and not the day", async () => {
    for (const end of [to, from + 3 * HOUR]) {
      const query = { ...queryAt(end), from: new Date(end - 30 * SECOND) };
      const { rows, scans } = await touched(resultLogSql(query));
      // a range of the BRIN index is 32 pages, about 4,000 rows
      expect(rows, scans.join(", ")).toBeLessThan(20_000);
      expect(scans.filter((scan) => scan.startsWith("Seq Scan on results"))).toEqual([]);
    }
  });

  it("finds the few of one check at the far end of the range", async () => {
    const filter = parseLogFilter(
      askedIn(
        new URLSearchParams(`show=all&from=2026-01-10T00:00&to=2026-02-01T00:00&component=${ids.shop}`),
      ),
      { now: to, timeZone: "Etc/UTC" },
    );
    const { looks } = await readLogPage(test.db, { filter, names, after: null, size: 50 });
    expect(looks.map(({ slotAt }) => (slotAt.getTime() - T0) / SECOND)).toEqual([60, 50, 40]);
  });

  it("goes back page by page through a dense stretch", async () => {
    const filter = parseLogFilter(askedIn(new URLSearchParams("show=all&range=1h")), {
      now: to,
      timeZone: "Etc/UTC",
    });
    const first = await readLogPage(test.db, { filter, names, after: null, size: 100 });
    const second = await readLogPage(test.db, { filter, names, after: first.older, size: 100 });
    const times = [...first.looks, ...second.looks].map(({ slotAt }) => slotAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set([...first.looks, ...second.looks].map(lookName)).size).toBe(200);
    expect((times[0] ?? 0) - (times.at(-1) ?? 0)).toBeLessThan(MINUTE);
  });
});
