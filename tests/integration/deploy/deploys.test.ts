import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createApiKey } from "#lib/auth/api-key.ts";
import { database } from "#lib/store/client.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { startFakeUpstream } from "#tests/support/fake-upstream.ts";
import { addComponent } from "#tests/support/people.ts";
import { runProgram } from "#tests/support/run-program.ts";

import { POST } from "../../../app/api/v1/deploys/route.ts";

let test_: TestDatabase;
let before: string | undefined;
let key: string;
let component: { id: string; slug: string };
beforeAll(async () => {
  test_ = await createTestDatabase();
  before = process.env["DATABASE_URL"];
  // the route takes the process's own database
  process.env["DATABASE_URL"] = test_.url;
  key = await makeKey("ci", ["deploys"]);
  component = await test_.db.component.findUniqueOrThrow({
    where: { id: await addComponent(test_.db, "Shop") },
  });
});
afterAll(async () => {
  await database().$disconnect();
  if (before === undefined) delete process.env["DATABASE_URL"];
  else process.env["DATABASE_URL"] = before;
  await test_.drop();
});

async function makeKey(name: string, scopes: readonly ("deploys" | "agent")[]): Promise<string> {
  const made = await createApiKey(test_.db, { name, scopes, region: null, expiresAt: null }, "test");
  return made.key;
}

async function post(body: unknown, headers: Record<string, string> = {}) {
  const response = await POST(
    new Request("http://localhost/api/v1/deploys", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const problems = ({ body }: { body: Record<string, unknown> }) =>
  (body["error"] as { problems: { path: string }[] }).problems.map(({ path }) => path);

describe("POST /api/v1/deploys", () => {
  test("notes a version of a component, by slug or id, or of everything", async () => {
    const told = await post({ version: "1.0.0", component: component.slug, url: "https://ci.example.com/1" });
    expect(told).toMatchObject({
      status: 201,
      body: { version: "1.0.0", component: component.slug, componentId: component.id, source: "ci" },
    });
    expect(await post({ version: "1.0.1", component: component.id })).toMatchObject({ status: 201 });
    expect(await post({ version: "1.0.1" })).toMatchObject({ status: 201, body: { component: null } });
    const audit = await test_.db.auditEntry.findFirstOrThrow({
      where: { targetId: String(told.body["id"]) },
    });
    expect(audit).toMatchObject({ action: "deploy.marked", actor: "ci" });
  });

  test("told twice it is one: by version and time, or by key", async () => {
    const once = await post({ version: "2.0.0", at: "2026-11-20T12:00:00Z" });
    const again = await post({ version: "2.0.0", at: "2026-11-20T12:00:40Z" });
    expect([once.status, again.status, again.body["id"]]).toEqual([201, 200, once.body["id"]]);
    expect(await post({ version: "2.0.0", at: "2026-11-20T12:02:00Z" })).toMatchObject({ status: 201 });
    const same = { "idempotency-key": "run-17" };
    const answers = await Promise.all(["3.0.0", "3.0.0", "3.0.1"].map((version) => post({ version }, same)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(new Set(answers.map(({ body }) => body["id"])).size).toBe(1);
  });

  test("what is wrong is said", async () => {
    expect(problems(await post({}))).toEqual(["version"]);
    expect(problems(await post({ version: "1", url: "javascript:alert(1)", more: 1 }))).toEqual(["url", ""]);
    expect(problems(await post({ version: "1", at: "tomorrow" }))).toEqual(["at"]);
    expect(
      problems(await post({ version: "1", at: new Date(Date.now() + 7_200_000).toISOString() })),
    ).toEqual(["at"]);
    expect(await post({ version: "1", component: "nothing" })).toMatchObject({ status: 404 });
    expect(await post("version=1")).toMatchObject({ status: 400 });
    expect(await post(JSON.stringify({ version: "1", url: "x".repeat(9_000) }))).toMatchObject({
      status: 400,
    });
  });

  test("only for keys of this scope", async () => {
    const agent = await makeKey("agent", ["agent"]);
    expect(await post({ version: "1" }, { authorization: `Bearer ${agent}` })).toMatchObject({ status: 403 });
    expect(await post({ version: "1" }, { authorization: "Bearer gw_wrong" })).toMatchObject({ status: 401 });
    expect(await post("{", { authorization: "" })).toMatchObject({ status: 401 });
  });
});

async function run(file: string, args: readonly string[], env: Record<string, string> = {}) {
  const program = runProgram(file, { args, env: { DATABASE_URL: test_.url, ...env } });
  const code = await program.ended;
  return { code, out: program.lines.join("\n"), errors: program.stderr() };
}

describe("the command lines of a pipeline", () => {
  test("a key is made, and a version is noted in the database", async () => {
    const [made, marked] = await Promise.all([
      run("bin/key-create.ts", ["--name", "pipeline", "--scope", "deploys"]),
      run("bin/deploy.ts", ["--version", "4.0.0", "--component", component.slug]),
    ]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^gw_[\w-]{43}$/) });
    expect(marked).toMatchObject({ code: 0, out: "Version 4.0.0 is noted." });
    expect(await post({ version: "4.0.1" }, { authorization: `Bearer ${made.out}` })).toMatchObject({
      status: 201,
      body: { source: "pipeline" },
    });
    expect(await test_.db.deploy.count({ where: { version: "4.0.0", componentId: component.id } })).toBe(1);
    expect(await test_.db.auditEntry.count({ where: { action: "key.issued" } })).toBe(1);
  });

  test("the API of another machine is called with the key, and its refusal is passed on", async () => {
    const page = await startFakeUpstream({ behaviour: { status: 201, body: "{}" } });
    try {
      const call = () =>
        run("bin/deploy.ts", ["--version", "5", "--url", page.url], { GATEWATCH_API_KEY: key });
      expect(await call()).toMatchObject({ code: 0, out: "Version 5 is noted." });
      expect(page.last()).toMatchObject({ method: "POST", path: "/api/v1/deploys" });
      expect(page.last()?.headers).toMatchObject({ authorization: `Bearer ${key}` });
      page.behave({ status: 401, body: JSON.stringify({ error: { message: "Send a valid API key." } }) });
      expect(await call()).toMatchObject({
        code: 1,
        errors: expect.stringContaining("401: Send a valid API key."),
      });
    } finally {
      await page.close();
    }
  });

  test("what is missing is said in a sentence, and ends with 1", async () => {
    const [nothing, unknown, keyless, away, scope] = await Promise.all([
      run("bin/deploy.ts", []),
      run("bin/deploy.ts", ["--version", "1", "--component", "nothing"]),
      run("bin/deploy.ts", ["--version", "1", "--url", "http://127.0.0.1:1"]),
      run("bin/deploy.ts", ["--version", "1", "--url", "http://127.0.0.1:1"], { GATEWATCH_API_KEY: key }),
      run("bin/key-create.ts", ["--name", "x", "--scope", "everything"]),
    ]);
    expect(nothing).toMatchObject({ code: 1, errors: expect.stringContaining("--version 1.2.3") });
    expect(unknown).toMatchObject({
      code: 1,
      errors: expect.stringContaining("There is no component “nothing”"),
    });
    expect(keyless).toMatchObject({ code: 1, errors: expect.stringContaining("npm run key:create") });
    expect(away).toMatchObject({ code: 1, errors: expect.stringContaining("could not be reached") });
    expect(scope).toMatchObject({
      code: 1,
      errors: expect.stringContaining("--scope takes deploys or agent"),
    });
  });
});
