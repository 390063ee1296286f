import { describe, expect, test } from "vitest";

import { safeNext } from "#lib/auth/safe-next.ts";

describe("where signing in may lead", () => {
  test.each(["/admin", "/admin/incidents/new", "/admin/audit?page=2"])("%s is kept", (next) => {
    expect(safeNext(next)).toBe(next);
  });

  test.each([
    undefined,
    ["/admin"],
    "",
    "https://evil.example/admin",
    "//evil.example/admin",
    "/\\evil.example/admin",
    "/admin/..//evil.example",
    "/admin/../api/health",
    "/administrator",
    "/\t/evil.example",
    "/admin\r\nset-cookie: a=b",
    "javascript:alert(1)",
    `/admin/${"a".repeat(600)}`,
  ])("%j leads to the start page", (next) => {
    expect(safeNext(next)).toBe("/admin");
  });
});
