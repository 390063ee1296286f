import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { database } from "#lib/store/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { seedHistory } from "#tests/support/seed-history.ts";

import { GET as daily } from "../../../app/api/gateway-errors/daily/route.ts";
import { GET as gatewayErrors } from "../../../app/api/gateway-errors/route.ts";
import { GET as live } from "../../../app/api/live/route.ts";
import { GET as incident } from "../../../app/api/v2/incidents/[id]/route.ts";
import { GET as incidents } from "../../../app/api/v2/incidents.json/route.ts";
import { GET as summary } from "../../../app/api/v2/summary.json/route.ts";

let test: TestDatabase;
let before: string | undefined;
beforeAll(async () => {
  test = await createTestDatabase();
  before = process.env["DATABASE_URL"];
  // the routes take the process's own database
  process.env["DATABASE_URL"] = test.url;
  await seedHistory(test.db, { components: 3, days: 30, now: Date.now() });
});
afterAll(async () => {
  await database().$disconnect();
  if (before === undefined) delete process.env["DATABASE_URL"];
  else process.env["DATABASE_URL"] = before;
  await test.drop();
});

const at = (path: string) => new Request(`http://localhost${path}`);
const keys = (value: unknown) => (typeof value === "object" && value !== null ? Object.keys(value) : []);

describe("the public API", () => {
  it("may be read from any origin and kept for seconds", async () => {
    const response = await live();
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cache-control")).toMatch(/^public, s-maxage=5, /);
    const body = (await response.json()) as { components: unknown[] };
    expect(body.components).toHaveLength(3);
  });

  it("answers summary.json with the keys of Statuspage", async () => {
    const body = (await (await summary()).json()) as Record<string, unknown>;
    expect(keys(body)).toEqual(["page", "components", "incidents", "scheduled_maintenances", "status"]);
    expect(body["page"]).toMatchObject({
      name: "Status",
      time_zone: "Etc/UTC",
      url: "http://localhost:3000",
    });
    // two groups and their components
    expect(body["components"]).toHaveLength(5);
    expect(body["status"]).toEqual({ indicator: "none", description: "All Systems Operational" });
  });

  it("finds an incident by id and by code, and says when there is none", async () => {
    const { incidents: all } = (await (await incidents()).json()) as {
      incidents: { id: string; shortlink: string }[];
    };
    const [first] = all;
    const code = first?.shortlink.split("/").at(-1) ?? "";
    for (const name of [first?.id ?? "", code]) {
      const response = await incident(at("/"), { params: Promise.resolve({ id: `${name}.json` }) });
      expect(await response.json()).toMatchObject({ incident: first });
    }
    for (const name of ["nothing.json", code]) {
      expect((await incident(at("/"), { params: Promise.resolve({ id: name }) })).status).toBe(404);
    }
  });

  it("lists episodes page by page", async () => {
    const one = (await (await gatewayErrors(at("/api/gateway-errors?limit=1"))).json()) as {
      episodes: Record<string, unknown>[];
      next: string;
    };
    expect(keys(one.episodes[0])).toEqual(
      expect.arrayContaining([
        "id",
        "componentId",
        "component",
        "code",
        "kind",
        "gateway",
        "cause",
        "startedAt",
        "endedAt",
        "checks",
        "failures",
        "regions",
      ]),
    );
    const two = (await (
      await gatewayErrors(at(`/api/gateway-errors?limit=1&cursor=${one.next}`))
    ).json()) as typeof one;
    expect(two.episodes[0]?.["id"]).not.toBe(one.episodes[0]?.["id"]);
  });

  it.each([
    ["code=200", "code", "from 500 to 599"],
    ["limit=0", "limit", "from 1 to 200"],
    ["limit=1e9", "limit", "from 1 to 200"],
    ["from=yesterday", "from", "ISO 8601"],
    ["from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to", "later than `from`"],
    ["cursor=nonsense", "cursor", "`next` of the page before"],
    ["component=", "component", "slug or id"],
  ])("says what is allowed instead of %s", async (query, path, hint) => {
    const response = await gatewayErrors(at(`/api/gateway-errors?${query}`));
    expect(response.status).toBe(400);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const { error } = (await response.json()) as {
      error: { code: string; problems: { path: string; message: string }[] };
    };
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.problems[0]?.path).toBe(path);
    expect(error.problems[0]?.message).toContain(hint);
  });

  it("knows no component that is not there", async () => {
    expect((await daily(at("/api/gateway-errors/daily?component=nobody"))).status).toBe(404);
    expect((await daily(at("/api/gateway-errors/daily?days=9999"))).status).toBe(400);
    const body = (await (await daily(at("/api/gateway-errors/daily?component=api-1&days=30"))).json()) as {
      components: { slug: string; days: unknown[] }[];
    };
    expect(body.components.map(({ slug }) => slug)).toEqual(["api-1"]);
    expect(body.components[0]?.days).toHaveLength(30);
  });
});
