import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { numbered, PUBLIC, serve, until } from "./site.ts";

const LONG = "a page that is worth compressing ".repeat(200);

describe("what is kept", () => {
  it("renders once and answers the rest from memory", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    const first = await get("/");
    const second = await get("/");
    expect([first.text, second.text]).toEqual(["render 1", "render 1"]);
    expect(first.headers["x-cache"]).toBe("MISS");
    expect(second.headers["x-cache"]).toBeUndefined();
    expect(second.headers["cache-control"]).toBe("public, max-age=0, must-revalidate");
    expect(second.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(seen).toHaveLength(1);
  });

  it("keeps pages that say nothing themselves by the route's policy", async () => {
    let renders = 0;
    const { get } = await serve((_request, response) => {
      renders += 1;
      // as Next does for a page that is rendered on demand
      if (!response.getHeader("Cache-Control")) response.setHeader("Cache-Control", "private, no-store");
      response.end("page");
    });
    await get("/errors");
    await get("/errors");
    expect(renders).toBe(1);
  });

  it.each([
    "no-store",
    "private, max-age=60",
    "public, no-cache, s-maxage=60",
    "public, max-age=0",
    "max-age=60",
  ])("does not keep %s", async (cacheControl) => {
    const { handler, seen } = numbered(cacheControl);
    const { get } = await serve(handler);
    await get("/api/live");
    const second = await get("/api/live");
    expect(seen).toHaveLength(2);
    expect(second.headers["cache-control"]).toBe("no-store");
  });

  it("never keeps or passes on a cookie of a shared page", async () => {
    let renders = 0;
    const { get } = await serve((_request, response) => {
      renders += 1;
      response.setHeader("Set-Cookie", "session=secret");
      response.setHeader("Cache-Control", PUBLIC);
      response.end("x");
    });
    const first = await get("/");
    await get("/");
    expect(first.headers["set-cookie"]).toBeUndefined();
    expect(renders).toBe(2);
  });

  it("holds no more bytes than it may, the oldest go first", async () => {
    let renders = 0;
    const body = Buffer.alloc(20_000, "x");
    const { get, cache } = await serve(
      (_request, response) => {
        renders += 1;
        response.writeHead(200, { "Cache-Control": PUBLIC, "Content-Type": "application/octet-stream" });
        response.end(body);
      },
      { limits: { entries: 100, bytes: 100_000 } },
    );
    for (let i = 0; i < 20; i += 1) await get(`/incidents/i${i}`);
    expect(cache.stats().bytes).toBeLessThanOrEqual(100_000);
    expect(cache.stats().entries).toBe(4);
    await get("/incidents/i19");
    expect(renders).toBe(20);
    await get("/incidents/i0");
    expect(renders).toBe(21);
  });

  it("keeps a file whose name changes with its content as it says", async () => {
    const { handler } = numbered("public, max-age=31536000, immutable");
    const { get } = await serve(handler);
    const { headers } = await get("/_next/static/chunks/app-1a2b.js");
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });
});

describe("keys", () => {
  it("lets no random query, cookie or header reach the renderer", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler, { host: "status.example" });
    await get("/", { cookie: "a=b", "x-forwarded-host": "evil.example", "accept-language": "de", rsc: "1" });
    for (let i = 0; i < 50; i += 1) await get(`/?${i}=${i}&_rsc=${i}`);
    expect(seen).toEqual([{ url: "/", headers: { host: "status.example" } }]);
  });

  it("keeps the parameters that count apart, in whatever order they come", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    await get("/api/gateway-errors?code=502&component=api");
    await get("/api/gateway-errors?x=1&component=api&code=502&code=504");
    await get("/api/gateway-errors?code=504");
    expect(seen.map(({ url }) => url)).toEqual([
      "/api/gateway-errors?component=api&code=502",
      "/api/gateway-errors?code=504",
    ]);
  });

  it("sees through percent-encoding", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    await get("/errors");
    await get("/%65rrors");
    expect(seen).toHaveLength(1);
  });
});

describe("conditions and codings", () => {
  it("answers 304 to the tag that it gave, also weak and in a list", async () => {
    const { handler } = numbered();
    const { get } = await serve(handler);
    const tag = String((await get("/")).headers.etag);
    for (const header of [tag, `"other", ${tag}`, tag.replace("W/", ""), "*"]) {
      const answer = await get("/", { "if-none-match": header });
      expect([header, answer.status, answer.text]).toEqual([header, 304, ""]);
      expect(answer.headers.etag).toBe(tag);
    }
    expect((await get("/", { "if-none-match": '"other"' })).status).toBe(200);
  });

  it.each([
    [undefined, undefined],
    ["gzip, deflate, br", "br"],
    ["gzip", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0.5, gzip;q=0.9", "gzip"],
    ["*", "br"],
    ["identity, br;q=0.5", undefined],
    ["gzip;q=0, br;q=0", undefined],
  ])("answers Accept-Encoding %s with %s", async (accept, coding) => {
    const { get } = await serve((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/html", "Cache-Control": PUBLIC });
      response.end(LONG);
    });
    const { headers, bytes } = await get("/", accept === undefined ? {} : { "accept-encoding": accept });
    expect(headers["content-encoding"]).toBe(coding);
    expect(headers.vary).toBe("Accept-Encoding");
    expect(headers["content-length"]).toBe(String(bytes.length));
    const plain =
      coding === "br" ? brotliDecompressSync(bytes) : coding === "gzip" ? gunzipSync(bytes) : bytes;
    expect(plain.toString()).toBe(LONG);
  });

  it("answers HEAD like GET without the body", async () => {
    const { handler, seen } = numbered();
    const { get } = await serve(handler);
    const head = await get("/", {}, "HEAD");
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", "8"]);
    expect((await get("/")).text).toBe("render 1");
    expect(seen).toHaveLength(1);
  });
});

describe("time and change", () => {
  it("waits with everybody for one render", async () => {
    let renders = 0;
    const { get } = await serve(async (_request, response) => {
      renders += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      response.writeHead(200, { "Cache-Control": PUBLIC });
      response.end("slow");
    });
    const answers = await Promise.all(Array.from({ length: 30 }, () => get("/")));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(["slow"]));
    expect(renders).toBe(1);
  });

  it("serves the old page while it renders the next", async () => {
    const { handler, seen } = numbered();
    const { get, clock } = await serve(handler);
    await get("/");
    clock.at += 12_000;
    const old = await get("/");
    expect([old.text, old.headers["x-cache"], old.headers.age]).toEqual(["render 1", "STALE", "12"]);
    await until(() => seen.length === 2);
    await until(() => true);
    expect((await get("/")).text).toBe("render 2");
  });

  it("waits for a new page once the old one is too old", async () => {
    const { handler } = numbered();
    const { get, clock } = await serve(handler);
    await get("/");
    clock.at += 31_000;
    expect((await get("/")).text).toBe("render 2");
  });

  it("serves nothing old after the version has changed", async () => {
    const { handler } = numbered();
    const { get, cache } = await serve(handler);
    cache.setVersion(1n);
    await get("/");
    cache.setVersion(1n);
    expect((await get("/")).text).toBe("render 1");
    cache.setVersion(2n);
    expect((await get("/")).text).toBe("render 2");
  });

  it("does not let a render that began before a change answer those who came after it", async () => {
    const finish: (() => void)[] = [];
    let renders = 0;
    const { get, cache } = await serve(async (_request, response) => {
      renders += 1;
      const body = `data ${renders}`;
      await new Promise<void>((resolve) => finish.push(resolve));
      response.writeHead(200, { "Cache-Control": PUBLIC });
      response.end(body);
    });
    const before = get("/");
    await until(() => finish.length === 1);
    cache.setVersion(2n);
    const after = get("/");
    await until(() => finish.length === 2);
    finish[1]?.();
    expect((await after).text).toBe("data 2");
    finish[0]?.();
    await before;
    expect((await get("/")).text).toBe("data 2");
  });
});
