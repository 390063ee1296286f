import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { afterEach, describe, expect, it } from "vitest";

import type { Log } from "#lib/base/log.ts";
import { createPageCache, type PageCache, type PageCacheOptions } from "#lib/edge/page-cache.ts";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const PUBLIC = "public, s-maxage=10, stale-while-revalidate=20, stale-if-error=3600";
const LONG = "a page that is worth compressing ".repeat(200);

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  readonly text: string;
}

interface Site {
  readonly cache: PageCache;
  readonly clock: { at: number };
  readonly port: number;
  readonly get: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
  options: Partial<PageCacheOptions> = {},
): Promise<Site> {
  const clock = { at: 1_800_000_000_000 };
  const cache = createPageCache({ handler, log: silent, clock: { now: () => clock.at }, ...options });
  const server = createServer(cache.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const get: Site["get"] = (path, headers = {}, method = "GET") =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port, path, headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString(),
          });
        });
      });
      request.on("error", reject);
      request.end();
    });
  return { cache, clock, port, get };
}

/** A renderer whose answers are numbered. */
function numbered(cacheControl = PUBLIC) {
  const seen: { url: string; headers: IncomingMessage["headers"] }[] = [];
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    seen.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": cacheControl });
    response.end(`render ${seen.length}`);
  };
  return { handler, seen };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

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

describe("when rendering fails", () => {
  const failures: [string, (response: ServerResponse) => unknown][] = [
    [
      "throws",
      () => {
        throw new Error("boom");
      },
    ],
    ["rejects", () => Promise.reject(new Error("boom"))],
    [
      "answers 500",
      (response) => {
        response.statusCode = 500;
        response.end("error page");
      },
    ],
    [
      "dies mid-body",
      (response) => {
        response.writeHead(200, { "Cache-Control": PUBLIC });
        response.write("half a ");
        response.destroy();
      },
    ],
    [
      "ends short",
      (response) => {
        response.writeHead(200, { "Cache-Control": PUBLIC, "Content-Length": "100" });
        response.end("half");
      },
    ],
    ["hangs", () => {}],
  ];

  it.each(failures)("shows the old page when the renderer %s", async (_name, fail) => {
    let broken = false;
    const { get, cache, clock } = await serve(
      (_request, response) => {
        if (broken) return fail(response);
        response.writeHead(200, { "Cache-Control": PUBLIC });
        return response.end("good");
      },
      { renderTimeoutMs: 100 },
    );
    await get("/");
    broken = true;
    cache.drop();
    const answer = await get("/");
    expect([answer.status, answer.text, answer.headers["x-cache"]]).toEqual([200, "good", "STALE"]);
    // but not for ever
    clock.at += 3_700_000;
    expect((await get("/")).status).toBe(503);
    broken = false;
    expect((await get("/")).text).toBe("good");
  });

  it.each(failures)("stores nothing when the first render %s", async (_name, fail) => {
    let broken = true;
    const { get } = await serve(
      (_request, response) => {
        if (broken) return fail(response);
        response.writeHead(200, { "Cache-Control": PUBLIC });
        return response.end("good");
      },
      { renderTimeoutMs: 100 },
    );
    const answer = await get("/");
    expect(answer.status).toBe(503);
    expect(answer.headers["cache-control"]).toBe("no-store");
    broken = false;
    expect((await get("/")).text).toBe("good");
  });

  it.each(failures)("says so by a page of its own when the renderer %s", async (_name, fail) => {
    const { get } = await serve((_request, response) => fail(response), {
      renderTimeoutMs: 100,
      unavailable: "<!doctype html><title>Away</title>",
    });
    const page = await get("/incidents/k3f9x2mwq7");
    expect([page.status, page.text]).toEqual([503, "<!doctype html><title>Away</title>"]);
    expect(page.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "retry-after": "15",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    const head = await get("/", {}, "HEAD");
    expect([head.status, head.text]).toEqual([503, ""]);
  });

  it.each(failures)("answers the API in JSON when the renderer %s", async (_name, fail) => {
    const { get } = await serve((_request, response) => fail(response), { renderTimeoutMs: 100 });
    for (const path of ["/api/live", "/api/v2/summary.json", "/api/gateway-errors?code=502"]) {
      const { status, headers, text } = await get(path);
      expect([path, status, headers["retry-after"], headers["cache-control"]]).toEqual([
        path,
        503,
        "15",
        "no-store",
      ]);
      expect(headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(JSON.parse(text)).toEqual({
        error: { code: "UNAVAILABLE", message: expect.any(String), problems: [] },
      });
    }
  });

  it("survives a client that leaves before the page is ready", async () => {
    let finish: (() => void) | undefined;
    const { get, port } = await serve(async (_request, response) => {
      await new Promise<void>((resolve) => (finish = resolve));
      response.writeHead(200, { "Cache-Control": PUBLIC });
      response.end("page");
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await until(() => finish !== undefined);
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const waiting = get("/");
    await new Promise((resolve) => setTimeout(resolve, 20));
    finish?.();
    expect((await waiting).text).toBe("page");
  });
});

describe("made-up addresses", () => {
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
