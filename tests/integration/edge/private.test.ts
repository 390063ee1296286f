import { connect } from "node:net";

import { describe, expect, it } from "vitest";

import { numbered, serve } from "./site.ts";

describe("requests that are nobody else's", () => {
  it("hands private routes on with their cookies, and lets no cache keep the answer", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    await get("/admin?x=1", {
      cookie: "session=1",
      "x-forwarded-for": "9.9.9.9",
      "x-middleware-subrequest": "m",
    });
    const second = await get("/admin?x=1");
    expect(second.text).toBe("render 2");
    expect(second.headers["cache-control"]).toBe("no-store");
    expect(second.headers["x-content-type-options"]).toBe("nosniff");
    expect(seen[0]?.url).toBe("/admin?x=1");
    expect(seen[0]?.headers.cookie).toBe("session=1");
    expect(seen[0]?.headers["x-forwarded-for"]).toBe("127.0.0.1");
    expect(seen[0]?.headers["x-middleware-subrequest"]).toBeUndefined();
  });

  it("believes a proxy only when told to", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler, { trustProxy: true });
    await get("/sign-in", { "x-forwarded-for": "9.9.9.9" });
    expect(seen[0]?.headers["x-forwarded-for"]).toBe("9.9.9.9");
  });

  it.each([
    ["POST", "/", 405],
    ["DELETE", "/api/live", 405],
    ["TRACE", "/admin", 405],
    ["GET", `/?${"x".repeat(3_000)}`, 414],
    ["GET", "/%zz", 400],
    ["OPTIONS", "/api/v2/summary.json", 204],
  ])("answers %s %.20s with %i by itself", async (method, path, status) => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    expect((await get(path, {}, method)).status).toBe(status);
    expect(seen).toHaveLength(0);
  });

  it("refuses a Host that names no host", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    expect((await get("/admin", { host: "a b/c" })).status).toBe(400);
    expect(seen).toHaveLength(0);
  });

  it("keeps a connection in order through hits, misses, 304 and HEAD", async () => {
    const { handler } = numbered();
    const { port } = await serve(handler);
    const socket = connect(port, "127.0.0.1");
    const text = new Promise<string>((resolve) => {
      let all = "";
      socket.on("data", (chunk: Buffer) => (all += chunk.toString()));
      socket.on("close", () => resolve(all));
    });
    const ask = (line: string, more = "") => socket.write(`${line} HTTP/1.1\r\nHost: x\r\n${more}\r\n`);
    ask("GET /");
    ask("HEAD /");
    ask("GET /", "If-None-Match: *\r\n");
    ask("GET /errors");
    ask("GET /", "Connection: close\r\n");
    const statuses = [...(await text).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(["200", "200", "304", "200", "200"]);
  });
});
