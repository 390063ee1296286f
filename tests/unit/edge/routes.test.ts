import { globSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { Budget } from "#lib/edge/renders.ts";
import { routeOf } from "#lib/edge/routes.ts";

/** An address of a page or route file: groups left out, parameters filled in. */
function addressOf(file: string): string {
  const path = file
    .replace(/^app/, "")
    .replace(/\/(?:page\.tsx|route\.ts)$/, "")
    .replaceAll(/\/\([^)]+\)/g, "")
    .replaceAll(/\[[^\]]+\]+/g, "abc-1");
  // Next wants the whole of a segment to be the parameter; this one ends in .json
  return path === "/api/v2/incidents/abc-1" ? `${path}.json` : path === "" ? "/" : path;
}

const files = globSync("app/**/{page.tsx,route.ts}");

describe("routeOf", () => {
  it("finds the pages and routes that there are", () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(files)("knows %s", (file) => {
    const address = addressOf(file);
    const route = routeOf(address);
    expect(route.kind === "private" ? address : route).toEqual(
      route.kind === "private" ? address : expect.objectContaining({ kind: "shared", key: address }),
    );
  });

  it.each(globSync("public/**/*.*").map((file) => file.replace(/^public/, "")))(
    "knows the file %s",
    (file) => {
      expect(routeOf(file)).toMatchObject({ kind: "shared", key: file, shelf: "asset" });
    },
  );

  it.each([
    "/wp-login.php",
    "/.env",
    "/x/y/z?a=b",
    "/administration",
    "/incidents/a/b",
    "/a/../admin",
    "/Admin",
    "//admin",
    "/api/v1/status",
  ])("has one answer for %s", (target) => {
    expect(routeOf(target)).toMatchObject({ kind: "shared", key: "/404", shelf: "page" });
  });

  it.each([
    "/admin",
    "/admin/",
    "/%61dmin",
    "/admin?x=1",
    "/setup?token=t",
    "/sign-in",
    "/api/auth/session",
    "/api/v1/push/a/b?status=down",
  ])("keeps %s between its sender and the renderer", (target) => {
    expect(routeOf(target)).toEqual({ kind: "private" });
  });

  it("takes a slash at the end for nothing", () => {
    expect(routeOf("/errors/")).toEqual(routeOf("/errors"));
    expect(routeOf("/")).toMatchObject({ key: "/" });
  });
});

describe("Budget", () => {
  it("gives so many at once, then so many a second, and never more than at once", () => {
    const budget = new Budget({ atOnce: 3, perSecond: 2 });
    const taken = (now: number) => Array.from({ length: 10 }, () => budget.take(now)).filter(Boolean).length;
    expect([1_000, 1_000, 1_500, 2_500, 60_000].map(taken)).toEqual([3, 0, 1, 2, 3]);
  });

  it("neither gives nor takes when the clock goes back", () => {
    const budget = new Budget({ atOnce: 1, perSecond: 1 });
    expect([budget.take(10_000), budget.take(5_000), budget.take(6_000)]).toEqual([true, false, true]);
  });
});
