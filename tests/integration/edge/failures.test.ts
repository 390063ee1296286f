import type { ServerResponse } from "node:http";
import { connect } from "node:net";

import { describe, expect, it } from "vitest";

import { PUBLIC, serve, until } from "./site.ts";

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
