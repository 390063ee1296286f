import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { DAY, MINUTE } from "#lib/base/clock.ts";
import { outcomeCode, type Outcome } from "#lib/model/outcome.ts";
import type { EpisodesPage } from "#lib/public/gateway-errors.ts";
import { database } from "#lib/store/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

import { GET as daily } from "../../../app/api/gateway-errors/daily/route.ts";
import { GET as gatewayErrors } from "../../../app/api/gateway-errors/route.ts";

const NOW = Date.now();

let test: TestDatabase;
let before: string | undefined;
beforeAll(async () => {
  test = await createTestDatabase();
  before = process.env["DATABASE_URL"];
  // the routes take the process's own database
  process.env["DATABASE_URL"] = test.url;
});
afterAll(async () => {
  await database().$disconnect();
  if (before === undefined) delete process.env["DATABASE_URL"];
  else process.env["DATABASE_URL"] = before;
  await test.drop();
});
beforeEach(async () => {
  await test.db.component.deleteMany();
});

async function component(slug: string, archived = false) {
  const made = await test.db.component.create({
    data: {
      slug,
      name: slug.toUpperCase(),
      archivedAt: archived ? new Date(NOW) : null,
      checks: { create: { name: "a", kind: "http", target: {}, intervalMs: 10_000, timeoutMs: 1_000 } },
    },
    include: { checks: true },
  });
  return { id: made.id, checkId: made.checks[0]?.id ?? "" };
}

function episode(
  of: { readonly id: string; readonly checkId: string },
  minutesAgo: number,
  outcome: Outcome = "bad_gateway",
  httpStatus: number | null = 502,
  more: { readonly open?: boolean; readonly cause?: object } = {},
) {
  const startedAt = new Date(NOW - minutesAgo * MINUTE);
  return test.db.errorEpisode.create({
    data: {
      componentId: of.id,
      checkId: of.checkId,
      outcome: outcomeCode(outcome),
      httpStatus,
      startedAt,
      endedAt: more.open === true ? null : new Date(startedAt.getTime() + 20_000),
      checks: 5,
      failures: 4,
      regions: ["local"],
      ...(more.cause === undefined ? {} : { cause: more.cause }),
    },
  });
}

async function ask(query: string): Promise<EpisodesPage> {
  const response = await gatewayErrors(new Request(`http://localhost/api/gateway-errors?${query}`));
  expect(response.status).toBe(200);
  return (await response.json()) as EpisodesPage;
}

const names = ({ episodes }: EpisodesPage) => episodes.map(({ component: name, code }) => `${name} ${code}`);

/** A moment some minutes ago, for a query. */
const time = (minutes: number) => encodeURIComponent(new Date(NOW - minutes * MINUTE).toISOString());

describe("/api/gateway-errors", () => {
  it("answers with what was asked for, key by key, for an episode with a cause", async () => {
    const api = await component("api");
    const evidence = [{ rule: "from-one-moment-on", text: "All at once.", weight: 1.2 }];
    const cause = { kind: "configuration", confidence: 0.8, summary: "Set up wrongly.", evidence };
    const { id } = await episode(api, 3, "bad_gateway", 502, { open: true, cause });
    const { episodes, next } = await ask("");
    expect(next).toBeNull();
    expect(episodes).toEqual([
      {
        id,
        componentId: api.id,
        component: "API",
        outcome: "bad_gateway",
        code: 502,
        kind: null,
        gateway: null,
        answeredBy: null,
        cause,
        startedAt: new Date(NOW - 3 * MINUTE).toISOString(),
        endedAt: null,
        checks: 5,
        failures: 4,
        regions: ["local"],
        forecast: {
          asOf: expect.any(String) as string,
          cases: 0,
          of: "page",
          longer: null,
          medianRemainingMs: null,
          p90RemainingMs: null,
        },
      },
    ]);
  });

  it("walks every episode once while new ones begin, end and go on", async () => {
    const [api, web] = [await component("api"), await component("web")];
    const there: string[] = [];
    // pairs with the same start, so that the id decides
    for (let n = 0; n < 25; n += 1) there.push((await episode(n % 2 === 0 ? api : web, 10 + (n >> 1))).id);
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 20; page += 1) {
      const { episodes, next } = await ask(`limit=4${cursor}`);
      seen.push(...episodes.map(({ id }) => id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
      // one that begins now, one that is known only now, and the end of one is taken back
      await episode(api, 0);
      await episode(web, 9);
      await test.db.errorEpisode.updateMany({ where: { id: there[page] ?? "" }, data: { failures: 5 } });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => there.includes(id))).toHaveLength(there.length);
    const again = await ask("limit=200");
    expect(again.episodes.map(({ startedAt }) => startedAt)).toEqual(
      again.episodes
        .map(({ startedAt }) => startedAt)
        .toSorted()
        .toReversed(),
    );
  });

  it("tells codes apart, and takes a pool of which a part answers 502 for a 502", async () => {
    const api = await component("api");
    await episode(api, 60, "gateway_timeout", 504);
    await episode(api, 50, "server_error", 520);
    await episode(api, 40, "partial_failure", 502);
    await episode(api, 30, "connection_refused", null);
    // its looks were lost, and with them the status
    await episode(api, 20, "service_unavailable", null);
    await episode(api, 10, "bad_gateway", 502);
    expect(names(await ask(""))).toEqual(["API 502", "API 503", "API 502", "API 504"]);
    expect(names(await ask("code=502"))).toEqual(["API 502", "API 502"]);
    expect(names(await ask("code=503"))).toEqual(["API 503"]);
    expect(names(await ask("code=504"))).toEqual(["API 504"]);
    expect(names(await ask("code=520"))).toEqual(["API 520"]);
    expect(names(await ask("code=599"))).toEqual([]);
  });

  it("takes a component by slug and by id, and a range of beginnings", async () => {
    const [api, web] = [await component("api"), await component("web")];
    for (const minutes of [90, 60, 30]) await episode(api, minutes);
    await episode(web, 45);
    expect(names(await ask("component=web"))).toEqual(["WEB 502"]);
    expect(names(await ask(`component=${api.id}`))).toHaveLength(3);
    // from is included, to is not
    expect(names(await ask(`from=${time(60)}&to=${time(30)}`))).toEqual(["WEB 502", "API 502"]);
    const page = await ask(`from=${time(90)}&limit=2`);
    expect(names(await ask(`from=${time(90)}&limit=2&cursor=${page.next}`))).toHaveLength(2);
  });

  it("knows nothing of archived components, also not by their id", async () => {
    const gone = await component("gone", true);
    await episode(gone, 5);
    expect((await ask("")).episodes).toEqual([]);
    for (const name of ["gone", gone.id]) {
      for (const [path, route] of [
        ["gateway-errors", gatewayErrors],
        ["gateway-errors/daily", daily],
      ] as const) {
        const response = await route(new Request(`http://localhost/api/${path}?component=${name}`));
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
      }
    }
  });

  it.each([
    ["code=", "code"],
    ["code=5O2", "code"],
    ["code=499", "code"],
    ["code=600", "code"],
    ["limit=201", "limit"],
    ["limit=-1", "limit"],
    ["limit=", "limit"],
    ["from=2026-01-31", "from"],
    ["from=2026-01-31T12:00:00", "from"],
    ["to=1700000000", "to"],
    ["to=2026-02-30T00:00:00Z", "to"],
    ["from=0000-01-01T00:00:00Z", "from"],
    ["from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"],
    ["cursor=", "cursor"],
    [`cursor=${"x".repeat(300)}`, "cursor"],
    [`component=${"x".repeat(300)}`, "component"],
    ["component=a%00b", "component"],
  ])("says what it takes instead of %.40s", async (query, path) => {
    const response = await gatewayErrors(new Request(`http://localhost/api/gateway-errors?${query}`));
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { problems: { path: string; message: string }[] } };
    expect(error.problems[0]).toMatchObject({ path, message: expect.stringContaining("takes ") as string });
  });
});

describe("/api/gateway-errors/daily", () => {
  it("counts by day and code, pools and regions together", async () => {
    const api = await component("api");
    const check = await test.db.check.findFirstOrThrow({ where: { id: api.checkId } });
    const today = Math.floor(NOW / DAY) * DAY;
    const region = await test.db.region.create({ data: { name: "local" } });
    for (const [back, outcomes] of [
      [0, [90, 0, 3, 2, 5]],
      [2, [100]],
      [9, [100, 0, 9]],
    ] as const) {
      await test.db.rollupDay.create({
        data: {
          checkNumber: check.number,
          regionId: region.id,
          startsAt: new Date(today - back * DAY),
          total: 100,
          outcomes: [...outcomes],
          latency: [],
          latencySum: 0n,
        },
      });
    }
    const response = await daily(
      new Request("http://localhost/api/gateway-errors/daily?component=api&days=7"),
    );
    const day = (back: number) => new Date(today - back * DAY).toISOString().slice(0, 10);
    expect(await response.json()).toMatchObject({
      from: day(6),
      to: day(0),
      components: [
        {
          slug: "api",
          days: [
            { day: day(2), checks: 100, codes: { "502": 0, "503": 0, "504": 0 } },
            { day: day(0), checks: 100, codes: { "502": 3, "503": 2, "504": 5 } },
          ],
        },
      ],
    });
  });

  it.each(["days=0", "days=367", "days=x", "days=", "component=", "component=%00"])(
    "refuses %s",
    async (query) => {
      const response = await daily(new Request(`http://localhost/api/gateway-errors/daily?${query}`));
      expect(response.status).toBe(400);
      expect(response.headers.get("cache-control")).toBe("no-store");
    },
  );
});

it("has no number for what has lasted longer than all before it", async () => {
  const api = await component("api");
  await episode(api, 1, "bad_gateway", 502, { open: true });
  for (let n = 1; n <= 9; n += 1) await episode(api, n * 60);
  const { episodes } = await ask("limit=1");
  expect(episodes[0]?.forecast).toMatchObject({ cases: 9, of: "component", longer: 0 });
  // each lasted 20 s, this one a minute: no number
  expect(episodes[0]?.forecast?.medianRemainingMs).toBeNull();
});
