import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { pushLink } from "#lib/auth/push-token.ts";
import { uuidv7 } from "#lib/base/id.ts";
import { openPipeline } from "#lib/pipeline.ts";
import { readWatchedChecks } from "#lib/store/checks.ts";
import { database } from "#lib/store/client.ts";
import { readPushStanding } from "#lib/store/push-signals.ts";
import { ensureRegion } from "#lib/store/regions.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

import { GET, HEAD, POST } from "../../../app/api/v1/push/[checkId]/[token]/route.ts";
import { quiet } from "../schedule/house.ts";

const SECRET = "a secret of at least thirty-two characters";
const ENVIRONMENT = { GATEWATCH_SECRET: SECRET };

let house: TestDatabase;
const before: Record<string, string | undefined> = {};
beforeAll(async () => {
  house = await createTestDatabase();
  for (const [name, value] of Object.entries({ ...ENVIRONMENT, DATABASE_URL: house.url })) {
    before[name] = process.env[name];
    process.env[name] = value;
  }
});
afterAll(async () => {
  await database().$disconnect();
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await house.drop();
});

interface Job {
  readonly id: string;
  readonly number: number;
  readonly componentId: string;
  readonly link: string;
}

let made = 0;

async function newJob(target: object = { everyMs: 60_000, graceMs: 30_000 }, kind = "push"): Promise<Job> {
  made += 1;
  const component = await house.db.component.create({
    data: {
      slug: `job-${made}`,
      name: `Job ${made}`,
      checks: { create: { name: "nightly", kind, target, intervalMs: 30_000, timeoutMs: 2_000 } },
    },
    include: { checks: true },
  });
  const [check] = component.checks;
  if (check === undefined) throw new Error("the check was not made");
  const { id, number } = check;
  return { id, number, componentId: component.id, link: pushLink("http://localhost:3000", SECRET, id) };
}

type Handler = typeof GET;

function call(handler: Handler, link: string, init: RequestInit = {}): Promise<Response> {
  const [checkId = "", token = ""] = new URL(link).pathname.split("/").slice(-2);
  return handler(new Request(link, init), { params: Promise.resolve({ checkId, token }) });
}

async function lastOf(job: Job): Promise<object | null | undefined> {
  return (await readPushStanding(house.db, job.number))?.last;
}

/** One look by a worker of the region, as if the check were due. */
async function look(job: Job, region: string): Promise<string | undefined> {
  const row = await ensureRegion(house.db, region);
  const watched = await readWatchedChecks(house.db, row);
  const pipeline = openPipeline({ database: house.db, region: row, log: quiet });
  pipeline.adopt(watched);
  const spec = watched.find(({ spec }) => spec.number === job.number)?.spec;
  if (spec === undefined) throw new Error("the check is not watched");
  const { signal } = new AbortController();
  await pipeline.look({ check: { ...spec, confirmMs: [] }, at: Date.now(), confirms: null, signal });
  await pipeline.drain(1_000);
  const state = await house.db.checkState.findFirst({
    where: { checkNumber: job.number, regionId: row.id },
  });
  return state?.health;
}

describe("a job that calls", () => {
  test("is taken by GET and POST, in the query, as a form and as JSON", async () => {
    const job = await newJob();
    const answered = await call(GET, `${job.link}?status=up&ms=12.4`);
    expect(answered.status).toBe(200);
    expect(answered.headers.get("cache-control")).toBe("no-store");
    expect(await lastOf(job)).toMatchObject({ ok: true, durationMs: 12, message: null });

    await call(POST, job.link, {
      body: JSON.stringify({ status: "down", message: "disk full" }),
      headers: { "content-type": "application/json; charset=utf-8" },
      method: "POST",
    });
    expect(await lastOf(job)).toMatchObject({ ok: false, message: "disk full" });

    await call(POST, job.link, {
      body: new URLSearchParams({ status: "down", message: "form" }),
      method: "POST",
    });
    expect(await lastOf(job)).toMatchObject({ ok: false, message: "form" });

    // its own output along with a bare call
    await call(POST, job.link, {
      body: "status=down",
      headers: { "content-type": "text/plain" },
      method: "POST",
    });
    expect(await lastOf(job)).toMatchObject({ ok: true, message: null });
  });

  test("has its message cut and freed of secrets", async () => {
    const job = await newJob();
    const message = `curl https://x.test/?token=abc123456 failed\u0000 ${"x".repeat(600)}`;
    await call(GET, `${job.link}?${new URLSearchParams({ status: "down", message }).toString()}`);
    const last = await lastOf(job);
    expect(last).toMatchObject({ message: expect.stringMatching(/token=\[redacted\] failed/) });
    expect(JSON.stringify(last)).not.toContain("abc123456");
    expect(JSON.stringify(last).length).toBeLessThan(620);
  });

  test.each<[string, string, RequestInit]>([
    ["an unknown status", "?status=maybe", {}],
    ["a duration that is none", "?ms=soon", {}],
    ["JSON that is none", "", { method: "POST", body: "{", headers: { "content-type": "application/json" } }],
    ["a JSON list", "", { method: "POST", body: "[]", headers: { "content-type": "application/json" } }],
    [
      "too much",
      "",
      { method: "POST", body: "x".repeat(20_000), headers: { "content-type": "application/json" } },
    ],
  ])("is told what is wrong with %s, and counts for nothing", async (_, query, init) => {
    const job = await newJob();
    const response = await call(init.method === "POST" ? POST : GET, `${job.link}${query}`, init);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "INPUT_INVALID" } });
    expect(await lastOf(job)).toBeNull();
  });

  test("is not known by a wrong token, a wrong id, another kind or an archived check, all alike", async () => {
    const [job, other, archived] = await Promise.all([
      newJob(),
      newJob({ url: "http://127.0.0.1/" }, "http"),
      newJob(),
    ]);
    await house.db.check.update({ where: { id: archived.id }, data: { archivedAt: new Date() } });
    const wrong = [
      `${job.link}x`,
      `${job.link.slice(0, -1)}${job.link.endsWith("A") ? "E" : "A"}`,
      pushLink("http://localhost:3000", "another secret of thirty-two characters", job.id),
      pushLink("http://localhost:3000", SECRET, uuidv7()),
      other.link,
      archived.link,
      "http://localhost:3000/api/v1/push/../x",
    ];
    const answers = await Promise.all(
      wrong.map(async (link) => {
        const response = await call(GET, link);
        return [response.status, await response.text()];
      }),
    );
    expect(new Set(answers.map(String)).size).toBe(1);
    expect(answers[0]?.[0]).toBe(404);
    expect(await lastOf(job)).toBeNull();
  });

  test("can be asked for with HEAD, which counts for nothing", async () => {
    const job = await newJob();
    expect((await call(HEAD, job.link, { method: "HEAD" })).status).toBe(200);
    expect((await call(HEAD, `${job.link}x`, { method: "HEAD" })).status).toBe(404);
    expect(await lastOf(job)).toBeNull();
  });

  test("that calls all the time is slowed down", async () => {
    const job = await newJob();
    const answers = await Promise.all(Array.from({ length: 14 }, () => call(GET, job.link)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
  });
});

describe("what calls come to", () => {
  test("nothing, then up, then a report of failure at once, seen from every region, and up again at once", async () => {
    const job = await newJob();
    expect(await look(job, "here")).toBeUndefined();
    await call(GET, job.link);
    expect([await look(job, "here"), await look(job, "there")]).toEqual(["up", "up"]);

    await call(GET, `${job.link}?status=down&message=disk+full`);
    const states = await house.db.checkState.findMany({ where: { checkNumber: job.number } });
    expect(states.map(({ health }) => health)).toEqual(["down", "down"]);
    const { status } = await house.db.component.findUniqueOrThrow({ where: { id: job.componentId } });
    expect(status).toBe("major_outage");
    const evidence = await house.db.evidence.findFirst({ where: { checkNumber: job.number } });
    expect(evidence?.detail).toMatchObject({
      outcome: "reported_failure",
      summary: expect.stringMatching(/^The job itself reported a failure/),
      details: { message: "disk full", reports: "down" },
    });

    const results = await house.db.result.count({ where: { checkNumber: job.number } });
    await call(GET, `${job.link}?status=down`);
    expect(await house.db.result.count({ where: { checkNumber: job.number } })).toBe(results);

    await call(GET, job.link);
    const after = await house.db.component.findUniqueOrThrow({ where: { id: job.componentId } });
    expect(after.status).toBe("operational");
  });

  test("missed, when the last call or the first deadline is past", async () => {
    const [called, never, fresh] = await Promise.all([newJob(), newJob(), newJob()]);
    await call(GET, called.link);
    const late = new Date(Date.now() - 91_000);
    await house.db.pushSignal.update({ where: { checkNumber: called.number }, data: { at: late } });
    await house.db.check.update({ where: { id: never.id }, data: { createdAt: late } });
    expect(await look(called, "here")).toBe("down");
    expect(await look(never, "here")).toBe("down");
    expect(await look(fresh, "here")).toBeUndefined();
    const evidence = await house.db.evidence.findFirst({ where: { checkNumber: called.number } });
    expect(evidence?.detail).toMatchObject({
      outcome: "missed",
      summary:
        "The job has not called for 1 minute 31 seconds. Expected: every 1 minute, at most 30 seconds late.",
    });
  });
});
