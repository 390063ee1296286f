import type { IncomingMessage, ServerResponse } from "node:http";

import { describe, expect, it } from "vitest";

import { PUBLIC, serve } from "./site.ts";

/** A renderer that knows everything but made-up addresses. */
function notFound() {
  const seen: string[] = [];
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    const { url = "" } = request;
    seen.push(url);
    response.statusCode = url === "/404" || url.includes("made-up") ? 404 : 200;
    if (!response.getHeader("Cache-Control")) response.setHeader("Cache-Control", PUBLIC);
    response.end(`${url} ${"x".repeat(500)}`);
  };
  return { handler, seen };
}

describe("made-up addresses", () => {
  it("answers all paths that do not exist with one render", async () => {
    const { handler, seen } = notFound();
    const { get, cache } = await serve(handler);
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => (await get(`/wp-${i}/login-${i}.php?x=${i}`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([404]));
    expect(seen).toEqual(["/404"]);
    expect(cache.stats().entries).toBe(1);
  });

  it.each(["/incidents/made-up-", "/components/made-up-", "/api/gateway-errors?cursor=made-up-"])(
    "renders no more of %s… than it has a budget for, and lets what is known through",
    async (prefix) => {
      const { handler, seen } = notFound();
      const { get, cache, clock } = await serve(handler);
      await get("/incidents/known");
      const statuses = new Map<number, number>();
      for (let i = 0; i < 400; i += 1) {
        const { status } = await get(`${prefix}${i}`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      // one of the budget went to the page that is known
      expect(statuses).toEqual(
        new Map([
          [404, 99],
          [429, 301],
        ]),
      );
      expect(seen).toHaveLength(100);
      expect(cache.stats().entries).toBeLessThanOrEqual(100);
      // neither what is kept nor what was kept nor the fixed pages have to stand back
      expect((await get("/incidents/known")).status).toBe(200);
      cache.drop();
      expect((await get("/incidents/known")).status).toBe(200);
      expect((await get("/errors")).status).toBe(200);
      clock.at += 1_000;
      expect((await get(`${prefix}later`)).status).toBe(404);
    },
  );

  it("never lets them push out a page with an address of its own", async () => {
    const { handler, seen } = notFound();
    const { get, cache } = await serve(handler, { limits: { entries: 5, bytes: 1_000_000 } });
    await get("/");
    for (let i = 0; i < 50; i += 1) await get(`/incidents/made-up-${i}`);
    const before = seen.length;
    await get("/");
    expect(seen).toHaveLength(before);
    expect(cache.stats().entries).toBe(6);
  });
});
