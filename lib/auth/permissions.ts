import type { Role } from "#lib/model/status.ts";

/** Everything that can be asked for in the admin area. */
export const PERMISSIONS = [
  "admin.read",
  "incident.write",
  "maintenance.write",
  "catalog.write",
  "check.test",
  "key.write",
  "sample.remove",
  "audit.read",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER: readonly Permission[] = ["admin.read"];
/** Runs incidents and maintenance, and leaves the set-up alone. */
const EDITOR: readonly Permission[] = [...VIEWER, "incident.write", "maintenance.write"];
const ADMIN: readonly Permission[] = [
  ...EDITOR,
  "catalog.write",
  "check.test",
  "key.write",
  "sample.remove",
  "audit.read",
];

/** Who may what; pages, actions and handlers all ask this table. An owner may everything. */
const TABLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  editor: new Set(EDITOR),
  admin: new Set(ADMIN),
  owner: new Set(PERMISSIONS),
};

/** Whether somebody with this role may do this. */
export function may(role: Role, permission: Permission): boolean {
  return TABLE[role].has(permission);
}
