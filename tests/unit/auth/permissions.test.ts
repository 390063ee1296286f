import { describe, expect, test } from "vitest";

import { may, PERMISSIONS, type Permission } from "#lib/auth/permissions.ts";
import { ROLES } from "#lib/model/status.ts";

describe("who may what", () => {
  const expected: Record<Permission, readonly string[]> = {
    "admin.read": ["owner", "admin", "editor", "viewer"],
    "incident.write": ["owner", "admin", "editor"],
    "maintenance.write": ["owner", "admin", "editor"],
    "catalog.write": ["owner", "admin"],
    "check.test": ["owner", "admin"],
    "key.write": ["owner", "admin"],
    "sample.remove": ["owner", "admin"],
    "audit.read": ["owner", "admin"],
  };

  test.each(PERMISSIONS.map((permission) => [permission] as const))("%s", (permission) => {
    expect(ROLES.filter((role) => may(role, permission))).toEqual(expected[permission]);
  });
});
