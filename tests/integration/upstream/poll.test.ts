import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { readUpstreamStatuses } from "#lib/store/upstream-statuses.ts";
import { readPublicVersion } from "#lib/store/public-version.ts";
import { createUpstreamPoll } from "#lib/upstream/poll.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { startFakeUpstream, type Answer, type FakeUpstream } from "#tests/support/fake-upstream.ts";
import { addComponent } from "#tests/support/people.ts";

const at = (minute: number) => () => new Date(Date.UTC(2026, 2, 10, 12, minute));
const never = new AbortController().signal;

function says(indicator: string, description: string, headers: Record<string, string> = {}): Answer {
  const body = JSON.stringify({ page: { name: "Example Cloud" }, status: { indicator, description } });
  return { status: 200, headers: { "content-type": "application/json", ...headers }, body };
}

describe("asking a provider's status page", () => {
  let test_: TestDatabase;
  let provider: FakeUpstream;
  let component: string;
  beforeAll(async () => {
    test_ = await createTestDatabase();
    provider = await startFakeUpstream();
    component = await addComponent(test_.db, "Shop");
  });
  afterAll(async () => {
    await provider.close();
    await test_.drop();
  });
  beforeEach(async () => {
    await test_.db.upstreamStatus.deleteMany();
    await test_.db.component.update({ where: { id: component }, data: { upstreamStatusUrl: provider.url } });
  });

  const row = async () => (await readUpstreamStatuses(test_.db, [provider.url]))[0];
  const poll = () => createUpstreamPoll(test_.db, { timeoutMs: 300 });

  test("its word is kept, since when it stands, and a new one is shown to strangers", async () => {
    const asking = poll();
    provider.behave(says("none", "All Systems Operational"));
    expect(await asking.run(never, at(0))).toBe(1);
    expect(provider.last()?.path).toBe("/api/v2/status.json");
    await asking.run(never, at(1));
    expect(await row()).toMatchObject({
      name: "Example Cloud",
      indicator: "none",
      since: at(0)(),
      checkedAt: at(1)(),
    });
    const before = await readPublicVersion(test_.db);
    provider.behave(says("major", "Partial System Outage"));
    await asking.run(never, at(2));
    expect(await row()).toMatchObject({ indicator: "major", since: at(2)(), error: null });
    expect(await readPublicVersion(test_.db)).toBeGreaterThan(before);
  });

  test("a failure leaves what was said, with the reason beside it", async () => {
    const asking = poll();
    provider.behave(says("minor", "Slow"));
    await asking.run(never, at(0));
    for (const [behaviour, reason] of [
      ["hang", /No answer within 0.3 s/],
      ["server-error", /answered 500/],
      ["ok", /not JSON/],
      ["endless-body", /larger than 256 KB/],
    ] as const) {
      provider.behave(behaviour);
      await asking.run(never, at(1));
      expect(await row()).toMatchObject({
        indicator: "minor",
        since: at(0)(),
        error: expect.stringMatching(reason),
      });
    }
    provider.behave(says("minor", "Slow"));
    await asking.run(never, at(3));
    expect(await row()).toMatchObject({ error: null, since: at(0)() });
  });

  test("it is asked only for what is new, and never with credentials", async () => {
    const asking = poll();
    provider.behave(says("none", "Fine", { etag: '"1"' }));
    await asking.run(never, at(0));
    provider.behave({ status: 304 });
    await asking.run(never, at(1));
    expect(provider.last()?.headers).toMatchObject({ "if-none-match": '"1"' });
    expect(provider.last()?.headers).not.toHaveProperty("authorization");
    expect(await row()).toMatchObject({ indicator: "none", error: null, checkedAt: at(1)() });
  });

  test("redirects stay on its origin, or go out to the public internet", async () => {
    const inside = await startFakeUpstream({ behaviour: says("none", "Secret") });
    try {
      for (const location of [inside.url, "http://localhost:1/", "file:///etc/passwd"]) {
        provider.behave({ status: 302, headers: { location } });
        await poll().run(never, at(0));
        expect(await row()).toMatchObject({
          indicator: null,
          error: expect.stringContaining("not followed"),
        });
      }
      expect(inside.requests()).toBe(0);
      provider.behave(({ path }) =>
        path === "/moved" ? says("none", "Moved") : { status: 301, headers: { location: "/moved" } },
      );
      await poll().run(never, at(1));
      expect(await row()).toMatchObject({ description: "Moved", error: null });
    } finally {
      await inside.close();
    }
  });

  test("a provider that no component names any more is forgotten", async () => {
    provider.behave(says("none", "Fine"));
    await poll().run(never, at(0));
    await test_.db.component.update({ where: { id: component }, data: { upstreamStatusUrl: null } });
    expect(await poll().run(never, at(1))).toBe(0);
    expect(await row()).toBeUndefined();
  });
});
